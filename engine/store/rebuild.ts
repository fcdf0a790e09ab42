import { applyEvent } from '#engine/core/apply.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import { partsOf } from '#engine/core/parts.ts';
import type { InstanceState } from '#engine/core/state.ts';
import { writePayloads } from './history-payloads.ts';
import { type InstanceChange, instanceRow } from './instance-store.ts';
import { writeParts } from './part-store.ts';
import { writeTask } from './project-tasks.ts';
import { searchedNames, searchRow } from './project-variables.ts';
import { eventsOf } from './read-models/instance-history.ts';
import { encodeState, STATE_VERSION } from './state-codec.ts';
import { read, type Work, type Writes } from './unit-of-work.ts';
import type { Payloads } from './variable-codec.ts';
import { externalTaskRow, incidentRow, jobRow, subscriptionRow } from './waiting-rows.ts';

/** The state of an instance as its events tell it; null when it has none. */
export function* replayedState(instanceId: number): Work<{ state: InstanceState; seq: number } | null> {
  let state: InstanceState | undefined;
  let seq = 0;
  for (;;) {
    const page = yield* eventsOf(instanceId, { afterSeq: seq });
    for (const command of page) {
      seq = command.seq;
      for (const event of command.events) state = applyEvent(state, event);
    }
    if (page.length === 0) return state ? { state, seq } : null;
  }
}

/**
 * Writes all runtime rows of an instance anew from its events: for repair, and after a change of the projections.
 * Locks of workers and texts of past failures are not part of the state and begin anew. Returns whether it still runs.
 */
export function* rebuildInstance(
  writes: Writes,
  instanceId: number,
  modelOf: (definitionId: number) => ProcessModel,
  now: number,
): Work<boolean> {
  const replayed = yield* replayedState(instanceId);
  for (const table of ['task', 'job', 'subscription', 'external_task', 'incident', 'search_variable', 'scope'])
    writes.delete(table, { instance_id: instanceId });
  yield* deleteCandidates(writes, instanceId, replayed?.state);
  writes.delete('process_instance', { id: instanceId });
  if (!replayed || replayed.state.status === 'ended') return false;
  const { state, seq } = replayed;
  const payloads: Payloads = new Map();
  const rest = writeParts(writes, state, undefined, payloads);
  writes.insert('process_instance', {
    ...instanceRow(state),
    rev: seq,
    status: state.status,
    updated_at: now,
    state_version: STATE_VERSION,
    state: encodeState(rest, payloads),
  });
  writePayloads(writes, payloads, now);
  const model = modelOf(state.definitionId);
  writeProjections(writes, { state, loaded: null, rev: seq, events: [], ended: null, model, partOf: partsOf(state), at: now, historyLevel: 'full' });
  return true;
}

/** The rows of all tasks that the instance has or had; without an index, because only repair asks. */
function* deleteCandidates(writes: Writes, instanceId: number, state: InstanceState | undefined): Work<void> {
  const open = state?.elements.filter(({ task }) => task).map(({ id }) => id) ?? [];
  const known = 'SELECT id FROM task WHERE instance_id = ? UNION SELECT id FROM history_task WHERE instance_id = ?';
  const sql = `SELECT grp, created_at, task_id FROM task_candidate WHERE task_id IN (${known})${open.map(() => ' OR task_id = ?').join('')}`;
  for (const { grp, created_at, task_id } of yield* read(sql, [instanceId, instanceId, ...open])) {
    writes.delete('task_candidate', { grp: grp!, created_at: created_at!, task_id: task_id! });
  }
}

function writeProjections(writes: Writes, change: InstanceChange): void {
  const { state } = change;
  const startedAt = new Map(state.elements.map((instance) => [instance.id, instance.startedAt]));
  const startOf = (owner: number) => startedAt.get(owner) ?? state.startedAt;
  for (const instance of state.elements) {
    const { id, element, task, externalTask } = instance;
    if (task) writeTask(writes, change, { id, element, createdAt: instance.startedAt, before: null, now: task, ended: null });
    if (externalTask) writes.insert('external_task', externalTaskRow(change, instance, externalTask));
  }
  for (const job of state.jobs) writes.insert('job', jobRow(change, job, startOf(job.owner)));
  for (const subscription of state.subscriptions)
    writes.insert('subscription', subscriptionRow(change, subscription, startOf(subscription.owner)));
  for (const incident of state.incidents) writes.insert('incident', incidentRow(change, incident));
  const isSearched = searchedNames(change);
  for (const [name, value] of Object.entries(state.elements[0]?.variables ?? {})) {
    const row = isSearched(name) ? searchRow(value) : null;
    if (row) writes.insert('search_variable', { instance_id: state.id, name, ...row });
  }
}
