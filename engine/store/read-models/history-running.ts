import type { InstanceState } from '#engine/core/state.ts';
import { INSTANCE_COLUMNS, instanceState } from '../instance-store.ts';
import { addAllParts } from '../part-store.ts';
import { read, type Work } from '../unit-of-work.ts';
import type { MissingPayload } from '../variable-codec.ts';

/** The states of these instances, as far as they run, without their large values; in the order given. */
export function* runningStates(ids: readonly number[]): Work<InstanceState[]> {
  if (ids.length === 0) return [];
  const rows = yield* read(`SELECT ${INSTANCE_COLUMNS} FROM process_instance p WHERE p.id IN (${ids.map(() => '?').join(', ')})`, [...ids]);
  const missing: MissingPayload[] = [];
  const states = new Map<number, InstanceState>();
  for (const row of rows) {
    const state = instanceState(row, missing);
    if (state.partial) yield* addAllParts(state, new Map(), missing);
    states.set(state.id, state);
  }
  return ids.flatMap((id) => states.get(id) ?? []);
}
