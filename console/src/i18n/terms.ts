import { useI18n } from 'vue-i18n';

/** Names of codes that come from the server; an unknown code is shown as it is rather than hidden. */
export function useTerms() {
  const i18n = useI18n();
  const term = (prefix: string, code: string, unknown = code): string => {
    const key = `${prefix}.${code}`;
    return i18n.te(key) ? i18n.t(key) : unknown;
  };
  return {
    alertKind: (alert: { kind: string; kindName?: string }): string => term('alertKind', alert.kind, alert.kindName),
    level: (level: number): string => term('level', String(level)),
    /** Who did something: the flows' client is no person and has no name of its own; nobody is the system. */
    actor: (id: string | null | undefined, name: string | null | undefined): string =>
      id ? term('actor', id, name ?? id) : (name ?? i18n.t('timeline.system')),
    role: (role: string): string => term('role', role),
    status: (status: string): string => term('status', status),
    category: (category: string): string => term('category', category),
    event: (kind: string): string => term('event', kind),
    sex: (code: string): string => term('sex', code),
    ability: (level: string | number): string => term('ability', String(level)),
    capability: (name: string): string => term('capability', name),
    /** A route id of the operation log, e.g. `api.task.claim`. */
    operation: (route: string): string => term('operation', route.replaceAll('.', '-'), route),
    inboxStatus: (status: string): string => term('inboxStatus', status),
  };
}
