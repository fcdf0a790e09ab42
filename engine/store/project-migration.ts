import { InvariantError } from '#engine/errors.ts';
import type { InstanceChange } from './instance-store.ts';
import type { Row } from './unit-of-work.ts';

/** What the events up to a migration are told of: the instance in its old version. Without a migration the change itself. */
export function beforeMigration(change: InstanceChange): InstanceChange {
  const { migratedFrom, state } = change;
  if (!migratedFrom) return change;
  return { ...change, model: migratedFrom.model, state: { ...state, definitionId: migratedFrom.definitionId } };
}

/** What the runtime rows of all that a migrated instance still has say of its version. */
export function migratedRows({ state, model, partOf }: InstanceChange): { table: string; id: number; set: Row }[] {
  const rows: { table: string; id: number; set: Row }[] = [];
  const place = (element: number, part: number | null | undefined): Row => {
    const at = model.elements[element];
    if (!at) throw new InvariantError(`Expected element ${element} in process ${model.key}, but it has ${model.elements.length}`);
    return { definition_id: state.definitionId, element: at.id, ...(part !== undefined && { part }) };
  };
  const partAt = (owner: number) => partOf.get(owner) ?? null;
  for (const { id, element, task, externalTask } of state.elements) {
    if (task) rows.push({ table: 'task', id, set: place(element, partAt(id)) });
    if (externalTask) rows.push({ table: 'external_task', id, set: place(element, partAt(id)) });
  }
  for (const { id, element, owner } of state.jobs) rows.push({ table: 'job', id, set: place(element, partAt(owner)) });
  for (const { id, element, owner } of state.subscriptions) rows.push({ table: 'subscription', id, set: place(element, partAt(owner)) });
  for (const { id, element } of state.incidents) rows.push({ table: 'incident', id, set: place(element, undefined) });
  return rows;
}
