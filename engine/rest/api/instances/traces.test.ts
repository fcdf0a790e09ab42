import assert from 'node:assert/strict';
import { migrateInstance } from '#engine/core/commands/migrate-instance.ts';
import type { EventRow } from '#engine/store/read-models/instance-history.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, end, start, userTask } from '#test/support/process-builder.ts';
import { timelineOf, traceOf } from './traces.ts';
import { versionsOf } from './versions.ts';

const v1 = aProcess('care', { begin: start(), old: userTask({ name: 'Old' }), a: userTask({ name: 'A' }), over: end() }, [
  'begin -> old -> a -> over',
]);
const v2 = aProcess('care', { a: userTask({ name: 'New A' }), more: userTask(), over: end(), begin: start() }, [
  'begin -> a -> more -> over',
]);

describe('the way of an instance', () => {
  describe('when it was migrated', () => {
    const s = scenario(corePorts([v1, v2]));
    const row = (events: EventRow['events'], seq: number): EventRow => ({ seq, at: seq, actor: 'wang', operation: 'x', events });
    const rows = [
      s.start().events,
      s.complete('old').events,
      s.perform(migrateInstance, {
        instanceId: s.states()[0]?.id ?? 0,
        plan: { sourceDefinitionId: 1, targetDefinitionId: 2, instructions: [{ source: 'a', target: 'a', updateEventTrigger: false }] },
      }).events,
      s.complete('a').events,
    ].map((events, index) => row(events, index + 1));
    const versions = () => versionsOf(s.ports.model, rows, 2);

    it('shows each step in the version that it happened in', async () => {
      const { passed, active, takenFlows } = traceOf(await versions(), rows, s.states()[0] ?? null);
      assert.deepEqual(passed, ['begin', 'old', 'a']);
      assert.deepEqual(active, [{ elementId: 'more', count: 1 }]);
      const flowTo = (model: typeof v1, id: string) => model.flows.find(({ target }) => model.elements[target]?.id === id)?.id;
      assert.deepEqual(
        takenFlows,
        [flowTo(v1, 'old'), flowTo(v1, 'a'), flowTo(v2, 'more')].filter((id, at, all) => all.indexOf(id) === at),
      );
    });

    it('tells the migration, and names elements as they were called', async () => {
      const lines = timelineOf(await versions(), rows, (user) => user).map(({ kind, elementName }) => `${kind} ${elementName}`);
      assert.deepEqual(lines, [
        'InstanceStarted null',
        'UserTaskCreated Old',
        'UserTaskEnded Old',
        'UserTaskCreated A',
        'InstanceMigrated null',
        'UserTaskEnded New A',
        'UserTaskCreated null',
      ]);
    });
  });
});
