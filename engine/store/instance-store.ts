import type { EngineEvent, EventOf } from '#engine/core/events.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import { hasParts, partsOf } from '#engine/core/parts.ts';
import type { Actor, RootState } from '#engine/core/ports.ts';
import type { InstanceState } from '#engine/core/state.ts';
import { InvariantError } from '#engine/errors.ts';
import { encodeEvents, payloadHash } from './event-codec.ts';
import { addAllParts, addPartById, addStoredPart, PART_COLUMNS, PART_JOIN, type StoredParts, writeParts } from './part-store.ts';
import { cachedPayload, parsePayload } from './payload-cache.ts';
import { levelOf, shows, type HistoryLevel } from './history-level.ts';
import { usePayloads, writePayloads } from './history-payloads.ts';
import { historyOfInstance } from './project-history.ts';
import { projectEvents } from './project-events.ts';
import { projectVariables } from './project-variables.ts';
import { nextSalt } from './salt.ts';
import { snapshotOf, type Snapshot } from './snapshot.ts';
import { decodeState, encodeState, STATE_VERSION } from './state-codec.ts';
import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';
import { type MissingPayload, type Payloads, restorePayload } from './variable-codec.ts';

export interface LoadedInstance {
  /** Changed in place by the command. */
  state: InstanceState;
  rev: number;
  /** What the projections have to know of the time before the command. */
  before: Snapshot;
  /** Items of large loops that are loaded with it. */
  parts: StoredParts;
}

/** A whole call-activity tree, as one command works on it. */
export interface LoadedRoot {
  rootId: number;
  /** The instance that was asked for, or that the task, job … belongs to. */
  instanceId: number;
  instances: Map<number, LoadedInstance>;
  /** The row that led here: `lock_owner` and `available_at` of a job, `worker_id` and `available_at` of an external task. */
  found: Row;
}

/** For joins with `process_instance p`; `instanceState` reads them. */
export const INSTANCE_COLUMNS = [
  'id',
  'rev',
  'definition_id',
  'root_id',
  'super_id',
  'super_element',
  'business_key',
  'tenant',
  'area',
  'status',
  'started_at',
  'started_by',
  'state',
]
  .map((column) => `p.${column}`)
  .join(', ');
const BY_INSTANCE = `SELECT ${INSTANCE_COLUMNS} FROM process_instance p WHERE p.id = ?`;
const FROM_ROW = (table: string) => `FROM ${table} t JOIN process_instance p ON p.id = t.instance_id ${PART_JOIN} WHERE t.id = ?`;
const BY_TASK = `SELECT ${INSTANCE_COLUMNS}, ${PART_COLUMNS} ${FROM_ROW('task')}`;
const BY_JOB = `SELECT ${INSTANCE_COLUMNS}, ${PART_COLUMNS}, t.lock_owner, t.available_at, t.retries, t.kind ${FROM_ROW('job')}`;
const BY_EXTERNAL_TASK = `SELECT ${INSTANCE_COLUMNS}, ${PART_COLUMNS}, t.worker_id, t.available_at, t.retries ${FROM_ROW('external_task')}`;
const BY_SUBSCRIPTION = `SELECT ${INSTANCE_COLUMNS}, ${PART_COLUMNS} ${FROM_ROW('subscription')}`;
const TREE = `SELECT ${INSTANCE_COLUMNS} FROM process_instance p WHERE p.id = ? UNION ALL SELECT ${INSTANCE_COLUMNS} FROM process_instance p WHERE p.root_id = ? AND p.super_id IS NOT NULL`;
const CALLERS = `SELECT ${INSTANCE_COLUMNS} FROM process_instance p WHERE p.id IN (?, ?)`;
const PAYLOAD = 'SELECT content FROM payload WHERE hash = ?';

/** The whole instance with those it called and was called by. null = it does not run (any more). */
export function* loadByInstance(id: number): Work<LoadedRoot | null> {
  const loaded = yield* load(BY_INSTANCE, id);
  if (loaded) yield* loadRest(loaded);
  return loaded;
}

/**
 * Of a large loop these load the item that the row belongs to, of the callers the way to the root; `loadRest` loads what is
 * missing. Each takes one round trip unless the instance calls others or was called. null = the row is not there (any more).
 */
export const loadByTask = (id: number) => load(BY_TASK, id);
export const loadByJob = (id: number) => load(BY_JOB, id);
export const loadByExternalTask = (id: number) => load(BY_EXTERNAL_TASK, id);
export const loadBySubscription = (id: number) => load(BY_SUBSCRIPTION, id);

function* load(sql: string, id: number): Work<LoadedRoot | null> {
  const [found] = yield* read(sql, [id]);
  if (!found) return null;
  const missing: MissingPayload[] = [];
  const first = decodeInstance(found, missing);
  const { id: instanceId, rootId } = first.state;
  const loaded: LoadedRoot = { rootId, instanceId, instances: new Map([[instanceId, first]]), found };
  if (callsOthers(first)) yield* loadTree(loaded, missing);
  yield* loadCallers(loaded, missing);
  yield* restorePayloads(missing);
  return loaded;
}

/** Adds what is not loaded yet: items of large loops, other instances of the tree. For what concerns all, and when a command throws `NotLoaded`. */
export function* loadRest(loaded: LoadedRoot): Work<void> {
  const partial = [...loaded.instances.values()].filter(({ state }) => state.partial);
  if (partial.length === 0) return;
  const missing: MissingPayload[] = [];
  for (const { state, parts } of partial) yield* addAllParts(state, parts, missing);
  if (partial.some(callsOthers)) {
    yield* loadTree(loaded, missing);
    for (const { state, parts } of loaded.instances.values()) if (state.partial) yield* addAllParts(state, parts, missing);
  }
  yield* restorePayloads(missing);
  for (const instance of loaded.instances.values()) instance.before = snapshotOf(instance.state);
}

const callsOthers = ({ state }: LoadedInstance): boolean => state.elements.some(({ calledInstance }) => calledInstance !== undefined);

function* loadTree({ rootId, instances }: LoadedRoot, missing: MissingPayload[]): Work<void> {
  for (const row of yield* read(TREE, [rootId, rootId])) {
    if (!instances.has(Number(row.id))) instances.set(Number(row.id), decodeInstance(row, missing));
  }
}

/** The called instance's end goes to its call activity, which may be an item of a large loop; other instances it called can wait. */
function* loadCallers({ instanceId, rootId, instances }: LoadedRoot, missing: MissingPayload[]): Work<void> {
  let at = instances.get(instanceId);
  while (at?.state.superId !== undefined) {
    const { superId, superElementInstance = 0 } = at.state;
    if (!instances.has(superId))
      for (const row of yield* read(CALLERS, [superId, rootId]))
        if (!instances.has(Number(row.id))) instances.set(Number(row.id), decodeInstance(row, missing));
    at = instances.get(superId);
    if (!at) continue;
    const { state, parts } = at;
    if (state.partial) yield* addPartById(superElementInstance, state, parts, missing);
    if (state.elements.some(({ phase, calledInstance: id }) => id !== undefined && phase === 'active' && !instances.has(id)))
      state.partial = true;
    at.before = snapshotOf(state);
  }
}

/** Reads the large values that stand beside the state. */
export function* restorePayloads(missing: readonly MissingPayload[]): Work<void> {
  for (const payload of missing) {
    const known = cachedPayload(payload.hash);
    if (known !== undefined) {
      restorePayload(payload, known);
      continue;
    }
    const [row] = yield* read(PAYLOAD, [payload.hash]);
    if (!row) throw new InvariantError(`Expected the payload ${payload.hash}, but it is not stored`);
    restorePayload(payload, parsePayload(payload.hash, String(row.content)));
  }
}

function decodeInstance(row: Row, missing: MissingPayload[]): LoadedInstance {
  const parts: StoredParts = new Map();
  const state = instanceState(row, missing, parts);
  return { state, rev: row.rev as number, before: snapshotOf(state), parts };
}

/** The state in a row with `INSTANCE_COLUMNS`, and the part in its `PART_COLUMNS` if it has them; large values still have to be restored. */
export function instanceState(row: Row, missing: MissingPayload[], parts: StoredParts = new Map()): InstanceState {
  const header = {
    id: row.id as number,
    definitionId: row.definition_id as number,
    rootId: row.root_id as number,
    ...(row.super_id !== null && { superId: row.super_id as number }),
    ...(row.super_element !== null && { superElementInstance: row.super_element as number }),
    businessKey: row.business_key as string | null,
    tenant: row.tenant as string,
    area: row.area as string,
    startedAt: row.started_at as number,
    startedBy: row.started_by as string | null,
    status: row.status as InstanceState['status'],
  };
  const state = decodeState(header, row.state as string, missing);
  if (!hasParts(state)) return state;
  state.partial = true;
  addStoredPart(state, parts, row, missing);
  return state;
}

export interface RecordInput {
  /** What was loaded; null when the command started an instance. */
  loaded: LoadedRoot | null;
  after: RootState;
  events: readonly EngineEvent[];
  /** The command's time, UTC epoch ms. */
  at: number;
  actor: Actor;
  /** e.g. `complete`; at most 64 characters. */
  operation: string;
  modelOf: (definitionId: number) => ProcessModel;
  /** 16 random bytes for each event row; drawn from the system when absent. */
  salt?: () => Uint8Array;
  /** Of processes that name none; `full` when absent. */
  historyLevel?: HistoryLevel;
}

/** One instance with what a command did to it. */
export interface InstanceChange {
  state: InstanceState;
  /** null = started by this command. */
  loaded: LoadedInstance | null;
  /** Also the event row's seq: 1, 2, 3 … without gaps. */
  rev: number;
  events: EngineEvent[];
  ended: EventOf<'InstanceEnded'> | null;
  model: ProcessModel;
  /** As it was before a migration, of whose model are the events that come before it. */
  migratedFrom?: { definitionId: number; model: ProcessModel };
  /** Element instance → the item of a large loop that it belongs to. */
  partOf: ReadonlyMap<number, number>;
  at: number;
  historyLevel: HistoryLevel;
}

/** Of the largest state that a command wrote, without what stands beside it. */
export interface StateSize {
  instance: number;
  characters: number;
}

/** Writes a command's events: runtime rows, history rows and the event log say the same because they come from the same list. */
export function recordEvents(writes: Writes, input: RecordInput): StateSize {
  let largest: StateSize = { instance: 0, characters: 0 };
  for (const change of changesOf(input)) {
    const payloads: Payloads = new Map();
    const characters = writeInstance(writes, change, payloads);
    if (characters > largest.characters) largest = { instance: change.state.id, characters };
    projectEvents(writes, change);
    projectVariables(writes, change);
    writeEventRow(writes, change, input, payloads);
    writePayloads(writes, payloads, change.at);
  }
  return largest;
}

function changesOf({ events, after, loaded, modelOf, at, historyLevel: engineLevel = 'full' }: RecordInput): Iterable<InstanceChange> {
  const changes = new Map<number, InstanceChange>();
  for (const event of events) {
    let change = changes.get(event.instance);
    if (!change) {
      const state = after.instances.get(event.instance);
      if (!state) throw new InvariantError(`Expected instance ${event.instance} among the command's instances, but it is not there`);
      const known = loaded?.instances.get(event.instance) ?? null;
      const model = modelOf(state.definitionId);
      const historyLevel = levelOf(model, engineLevel);
      change = { state, loaded: known, rev: known ? known.rev + 1 : 1, events: [], ended: null, model, partOf: partsOf(state), at, historyLevel };
      changes.set(event.instance, change);
    }
    change.events.push(event);
    if (event.type === 'InstanceEnded') change.ended = event;
    if (event.type === 'InstanceMigrated') change.migratedFrom = { definitionId: event.from, model: modelOf(event.from) };
  }
  return changes.values();
}

/** Returns the length of the state. */
function writeInstance(writes: Writes, change: InstanceChange, payloads: Payloads): number {
  const { state, loaded, rev, ended, at, migratedFrom } = change;
  const rest = writeParts(writes, state, loaded?.parts, payloads);
  if (ended) {
    if (loaded) writes.delete('process_instance', { id: state.id }, { rev: loaded.rev });
    if (shows(change.historyLevel, 'activity')) writes.insert('history_instance', historyOfInstance(change, ended, payloads));
    return 0;
  }
  const encoded = encodeState(rest, payloads);
  const changing = { rev, status: state.status, updated_at: at, state_version: STATE_VERSION, state: encoded, ...(migratedFrom && { definition_id: state.definitionId }) };
  if (loaded) writes.update('process_instance', { id: state.id }, changing, { rev: loaded.rev });
  else writes.insert('process_instance', { ...instanceRow(state), ...changing });
  return encoded.length;
}

/** The columns of `process_instance` that never change, but for the definition in a migration. */
export function instanceRow(state: InstanceState): Row {
  return {
    id: state.id,
    definition_id: state.definitionId,
    root_id: state.rootId,
    super_id: state.superId ?? null,
    super_element: state.superElementInstance ?? null,
    business_key: state.businessKey,
    tenant: state.tenant,
    area: state.area,
    started_at: state.startedAt,
    started_by: state.startedBy,
  };
}

/** The events of an instance that ended stay at the level `full` only. */
function writeEventRow(
  writes: Writes,
  { state, loaded, rev, events, ended, at, historyLevel }: InstanceChange,
  { actor, operation, salt = nextSalt }: RecordInput,
  payloads: Payloads,
): void {
  const payload = encodeEvents(events, payloads);
  if (ended && !shows(historyLevel, 'full')) {
    if (loaded) writes.delete('event', { instance_id: state.id });
    if (shows(historyLevel, 'audit')) usePayloads(writes, state.id, payload);
    else if (loaded) writes.delete('payload_use', { instance_id: state.id });
    return;
  }
  const saltBytes = salt();
  const row: Record<string, SqlValue> = {
    instance_id: state.id,
    seq: rev,
    at,
    actor: actor.id,
    operation,
    payload,
    salt: saltBytes,
    hash: payloadHash(saltBytes, payload),
  };
  writes.insert('event', row);
  usePayloads(writes, state.id, payload);
}

/** How many instances a tree of calls has, counted up to `most`. */
export function* instancesCalled(rootId: number, most: number): Work<number> {
  const sql = 'SELECT COUNT(*) AS n FROM (SELECT id FROM process_instance WHERE root_id = ? AND super_id IS NOT NULL LIMIT ?) called';
  const [row] = yield* read(sql, [rootId, most]);
  return Number(row?.n ?? 0);
}
