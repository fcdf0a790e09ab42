import { addPart, hasParts, splitState, type StateLists } from '#engine/core/parts.ts';
import type { InstanceState } from '#engine/core/state.ts';
import { decodeLists, encodeState } from './state-codec.ts';
import { read, type Row, type Work, type Writes } from './unit-of-work.ts';
import type { MissingPayload, Payloads } from './variable-codec.ts';

/** The parts of an instance that are loaded, as they are stored: by id, the text of their state. */
export type StoredParts = Map<number, string>;

/** For rows `t` with a column `part`: the part comes with its row, in the same round trip. */
export const PART_COLUMNS = 's.id AS part_id, s.state AS part_state';
export const PART_JOIN = 'LEFT JOIN scope s ON s.id = t.part';

const OF_INSTANCE = 'SELECT id AS part_id, state AS part_state FROM scope WHERE instance_id = ? ORDER BY id';
const BY_ID = 'SELECT id AS part_id, state AS part_state FROM scope WHERE id = ?';

/** Puts the part of a row with `PART_COLUMNS` to its instance, unless it is there. */
export function addStoredPart(state: InstanceState, stored: StoredParts, row: Row, missing: MissingPayload[]): void {
  const { part_id: id, part_state: text } = row;
  if (typeof id !== 'number' || typeof text !== 'string' || stored.has(id)) return;
  stored.set(id, text);
  addPart(state, decodeLists(text, missing));
}

export function* addPartById(id: number, state: InstanceState, stored: StoredParts, missing: MissingPayload[]): Work<void> {
  for (const row of yield* read(BY_ID, [id])) addStoredPart(state, stored, row, missing);
}

/** After this nothing of the instance is missing. */
export function* addAllParts(state: InstanceState, stored: StoredParts, missing: MissingPayload[]): Work<void> {
  for (const row of yield* read(OF_INSTANCE, [state.id])) addStoredPart(state, stored, row, missing);
  delete state.partial;
}

/** Writes what is new or different in the loaded parts, deletes what has ended, and returns what belongs to the instance itself. */
export function writeParts(writes: Writes, state: InstanceState, stored: StoredParts | undefined, payloads: Payloads): StateLists {
  if (!hasParts(state) && !stored?.size) return state;
  const { rest, parts } = splitState(state);
  for (const [id, part] of parts) {
    const text = encodeState(part, payloads);
    const before = stored?.get(id);
    if (before === undefined) writes.insert('scope', { id, instance_id: state.id, parent: part.body, state: text });
    else if (before !== text) writes.update('scope', { id }, { state: text });
  }
  for (const id of stored?.keys() ?? []) if (!parts.has(id)) writes.delete('scope', { id });
  return rest;
}
