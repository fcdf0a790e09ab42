import assert from 'node:assert/strict';
import type { EngineEvent } from '#engine/core/events.ts';
import type { JobState } from '#engine/core/state.ts';
import { aProcess, start, userTask } from '#test/support/process-builder.ts';
import { jobLog } from './job-log.ts';
import type { LogPlace } from './log.ts';
import { userOperationLog } from './user-operation-log.ts';

const instance = { id: 1, definitionId: 2, rootId: 1, tenant: 't', area: 't', startedAt: 0, endedAt: null };
const before = aProcess('p', { begin: start(), old: userTask() }, ['begin -> old']);
const after = aProcess('p', { first: userTask(), begin: start(), renamed: userTask() }, ['begin -> first -> renamed']);
const index = (model: typeof before, id: string) => model.indexById[id] ?? -1;

function place(model: typeof before, operation: string, events: EngineEvent[], nth = 0): LogPlace {
  return { instance, model, index: nth, command: { instance: 1, seq: 1, at: 5, actor: 'anna', operation, events } };
}

describe('log of an instance that was migrated', () => {
  it('names an element as its definition did at that time', () => {
    const job: JobState = { id: 7, kind: 'async-before', element: index(before, 'old'), owner: 3, dueAt: 0, retries: 3, priority: 0 };
    const created: EngineEvent = { instance: 1, type: 'JobCreated', job };
    const migrated: EngineEvent = { instance: 1, type: 'InstanceMigrated', from: 1, definitionId: 2, elements: [[index(before, 'old'), index(after, 'renamed')]], flows: [] };
    const executed: EngineEvent = { instance: 1, type: 'JobExecuted', job: 7 };
    const read = jobLog.reader();
    const entries = [...read(created, place(before, 'start', [created])), ...read(migrated, place(after, 'migrate', [migrated])), ...read(executed, place(after, 'job', [executed]))];
    assert.deepEqual(entries.map(({ state, element }) => [state, element]), [['created', 'old'], ['successful', 'renamed']]);
    assert.equal(job.element, index(before, 'old'));
  });

  it('tells who migrated it, once', () => {
    const migrated: EngineEvent = { instance: 1, type: 'InstanceMigrated', from: 1, definitionId: 2, elements: [], flows: [] };
    const moved: EngineEvent = { instance: 1, type: 'TokensMoved', moves: [{ from: 1, to: 2, elements: [], gateways: [], compensations: [] }] };
    const read = userOperationLog.reader();
    const entries = [migrated, moved].flatMap((event, nth) => read(event, place(after, 'migrate', [migrated, moved], nth)));
    assert.deepEqual(entries.map(({ type, user }) => [type, user]), [['Migrate', 'anna']]);
  });
});
