import type { TypedValue } from '#engine/core/values.ts';
import { entryBase, type Log, type LogEntry } from './log.ts';

/** One value that a variable got. */
export interface VariableUpdate extends LogEntry {
  kind: 'variableUpdate' | 'formField';
  name: string;
  /** Element instance that has the variable; the instance's id = a process variable. */
  scope: number;
  /** null = it was removed. */
  value: TypedValue | null;
  /** 0 = its first value. */
  revision: number;
  initial: boolean;
  /** Task whose form gave the value. */
  task: number | null;
  command: number;
}

/** Each value of each variable, and what came with forms: Camunda's HistoricDetail. */
export const variableLog: Log<VariableUpdate> = {
  codes: ['vs', 'vr'],
  level: 'full',
  reader() {
    const revisions = new Map<string, number>();
    return (event, place) => {
      if (event.type !== 'VariableSet' && event.type !== 'VariableRemoved') return [];
      const { scope, name } = event;
      const key = `${scope} ${name}`;
      const revision = (revisions.get(key) ?? -1) + 1;
      revisions.set(key, revision);
      const update: VariableUpdate = {
        ...entryBase(place, null),
        kind: 'variableUpdate',
        name,
        scope,
        value: event.type === 'VariableSet' ? event.value : null,
        revision,
        initial: revision === 0,
        task: null,
        command: place.command.seq,
      };
      const task = formTask(place.command.events);
      if (event.type === 'VariableRemoved' || task === undefined || place.command.actor === null) return [update];
      return [update, { ...update, id: `${update.id}:field`, kind: 'formField', task }];
    };
  },
};

/** The task that a person completed in this command; what was set before that came from its form. */
function formTask(events: readonly { type: string }[]): number | undefined {
  const ended = events.find((event) => event.type === 'UserTaskEnded' && (event as { reason?: string }).reason === 'completed');
  return (ended as { id?: number } | undefined)?.id;
}

/** The variables of one instance with their last values, as its updates tell. */
export function variablesOf(updates: readonly VariableUpdate[]): { name: string; scope: number; value: TypedValue; createdAt: number; removed: boolean }[] {
  const variables = new Map<string, { name: string; scope: number; value: TypedValue; createdAt: number; removed: boolean }>();
  for (const { kind, name, scope, value, at } of updates) {
    if (kind !== 'variableUpdate') continue;
    const key = `${scope} ${name}`;
    const known = variables.get(key);
    if (known && !known.removed) variables.set(key, { ...known, value: value ?? known.value, removed: value === null });
    else if (value) variables.set(key, { name, scope, value, createdAt: at, removed: false });
  }
  return [...variables.values()];
}
