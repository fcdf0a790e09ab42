import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

/** The time limit of one step for one SLA class. */
export interface SlaRow {
  /** '' = the shared standard; a district's own row hides it. */
  tenant: string;
  /** E0, E1, N1 … N4. */
  code: string;
  /** What `sla('…')` names in a model, e.g. `accept`. */
  step: string;
  /** ISO 8601 duration, e.g. `PT15M`. */
  duration: string;
  clock: 'C7';
  name: string;
}

const toSla = (row: Row): SlaRow => ({
  tenant: String(row.tenant),
  code: String(row.code),
  step: String(row.step),
  duration: String(row.duration),
  clock: 'C7',
  name: String(row.name),
});

/** The rows of all districts and of the shared standard: about a hundred per district that changed them. */
export function* allSlaRows(): Work<SlaRow[]> {
  return (yield* read('SELECT * FROM sla_class ORDER BY tenant, code, step')).map(toSla);
}

export function saveSla(writes: Writes, sla: SlaRow): void {
  const { tenant, code, step, ...set } = sla;
  writes.upsert('sla_class', { tenant, code, step }, set);
}

/** Adds a row of the standard; one that was edited stays as it is. */
export function addSla(writes: Writes, sla: SlaRow): void {
  writes.insertIfAbsent('sla_class', { ...sla });
}
