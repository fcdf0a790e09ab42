import type { ProcessModel } from '#engine/core/model.ts';
import type { Store } from '#engine/store/open-store.ts';
import { NEVER, retentions, type Retention } from '#engine/store/history-store.ts';

export const DAY_MS = 86_400_000;

/** `30` or `P30D`, as Camunda has it; anything else is none. */
export function daysOf(timeToLive: string | undefined): number | null {
  const days = /^(?:P(\d{1,6})D|(\d{1,6}))$/.exec(timeToLive?.trim() ?? '');
  return days ? Number(days[1] ?? days[2]) : null;
}

/** How long the history of a process is kept; days, null = for ever. */
export interface RetentionRules {
  /** What holds in a district that decided nothing. */
  ofModel(model: Pick<ProcessModel, 'historyTimeToLive'>): number | null;
  /** Districts that decided for this process. */
  ofDistricts(key: string): ReadonlyMap<string, number | null>;
  of(model: Pick<ProcessModel, 'historyTimeToLive' | 'key'>, tenant: string): number | null;
}

/** @param defaultDays of definitions without a time to live */
export function retentionRules(decided: readonly Retention[], defaultDays: number | null): RetentionRules {
  const byKey = Map.groupBy(decided, ({ key }) => key);
  const ofDistricts = (key: string) => new Map((byKey.get(key) ?? []).map(({ tenant, days }) => [tenant, days]));
  const ofModel: RetentionRules['ofModel'] = ({ historyTimeToLive }) => daysOf(historyTimeToLive) ?? defaultDays;
  return {
    ofModel,
    ofDistricts,
    of(model, tenant) {
      const own = ofDistricts(model.key).get(tenant);
      return own === undefined ? ofModel(model) : own;
    },
  };
}

export async function loadRetention(store: Pick<Store, 'query'>, defaultDays: number | null): Promise<RetentionRules> {
  return retentionRules(await store.query(retentions()), defaultDays);
}

/** When an instance may go: what was set by hand, else its end and the time to live. null = never, or not known yet. */
export function removalTimeOf(endedAt: number | null, setByHand: number | null, days: number | null): number | null {
  if (endedAt === null || setByHand === NEVER) return null;
  return setByHand ?? (days === null ? null : endedAt + days * DAY_MS);
}
