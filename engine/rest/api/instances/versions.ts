import type { EngineEvent } from '#engine/core/events.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { EventRow } from '#engine/store/read-models/instance-history.ts';

/** The models of the definitions that an instance ran in: a migration changes them, and what happened before it is told of the old one. */
export interface Versions {
  now: ProcessModel;
  byDefinition: ReadonlyMap<number, ProcessModel>;
}

/** @param definitionId of the instance as it is now, or was at its end */
export async function versionsOf(
  modelOf: (definitionId: number) => Promise<ProcessModel> | ProcessModel,
  rows: readonly EventRow[],
  definitionId: number,
): Promise<Versions> {
  const byDefinition = new Map([[definitionId, await modelOf(definitionId)]]);
  for (const { events } of rows)
    for (const event of events)
      if (event.type === 'InstanceMigrated' && !byDefinition.has(event.from)) byDefinition.set(event.from, await modelOf(event.from));
  return { now: byDefinition.get(definitionId) as ProcessModel, byDefinition };
}

/** Each event with the model that its indexes are of. */
export function* factsOf(
  { now, byDefinition }: Versions,
  rows: readonly EventRow[],
): Iterable<{ row: EventRow; event: EngineEvent; model: ProcessModel }> {
  const migrations = rows.flatMap(({ events }) => events.filter((event) => event.type === 'InstanceMigrated'));
  const modelBefore = (from: number | undefined) => (from === undefined ? now : (byDefinition.get(from) ?? now));
  let model = modelBefore(migrations[0]?.from);
  let done = 0;
  for (const row of rows) {
    for (const event of row.events) {
      if (event.type === 'InstanceMigrated') model = modelBefore(migrations[++done]?.from);
      yield { row, event, model };
    }
  }
}
