import { allSlaRows, type SlaRow } from '#engine/store/sla-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';

/** ISO 8601 duration of a step for a class in a district, its own row before the shared one; undefined when there is none. */
export type SlaTable = (tenant: string, slaClass: string, step: string) => string | undefined;

/** Time limits as a look-up for expressions: loaded at start and again after an edit. */
export function* slaTable(): Work<SlaTable> {
  return slaLookup(yield* allSlaRows());
}

export function slaLookup(rows: SlaRow[]): SlaTable {
  const key = (tenant: string, slaClass: string, step: string): string => `${tenant}\n${slaClass}\n${step}`;
  const durations = new Map(rows.map((row) => [key(row.tenant, row.code, row.step), row.duration]));
  return (tenant, slaClass, step) => durations.get(key(tenant, slaClass, step)) ?? durations.get(key('', slaClass, step));
}
