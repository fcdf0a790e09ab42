import assert from 'node:assert/strict';
import { NOW } from '#test/support/core-ports.ts';
import { vars } from '#test/support/core-scenario.ts';
import { between, process, map, migrate, refusals, line } from '#test/support/migration-scenario.ts';
import {
  adHoc,
  aProcess,
  callActivity,
  end,
  expr,
  externalTask,
  inclusive,
  serviceTask,
  start,
  userTask,
} from '#test/support/process-builder.ts';
import { activateInstance } from './activate-instance.ts';
import { failExternalTask } from './fail-external-task.ts';
import { suspendInstance } from './suspend-instance.ts';

describe('migrateInstance', () => {
  describe('when an instance waits at a user task', () => {
    it('goes on in the new version, with the task as it is', () => {
      const v1 = process({ a: userTask({ assignee: expr('li'), name: 'old' }) }, ['begin -> a -> over']);
      const v2 = process({ first: userTask(), a: userTask({ assignee: expr('wang'), name: 'new' }), b: userTask() }, [
        'begin -> first -> a -> b -> over',
      ]);
      const s = between(v1, v2);
      s.start();
      const task = s.taskOf('a');
      migrate(s);
      assert.equal(s.states()[0]?.definitionId, 2);
      assert.equal(s.taskOf('a'), task);
      assert.deepEqual([s.instancesOf('a')[0]?.task?.assignee, s.instancesOf('a')[0]?.task?.name], ['li', 'old']);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('may map it to a task with another id', () => {
      const s = between(line, process({ x: userTask() }, ['begin -> x -> over']));
      s.start();
      migrate(s, [map('a', 'x')]);
      assert.deepEqual(s.active(), ['x']);
    });

    it('sets the variables of the plan in the process scope', () => {
      const s = between(line, line);
      s.start({ x: 1 });
      migrate(s, undefined, { variables: vars({ x: 2, y: 3 }) });
      assert.deepEqual([s.variable('x'), s.variable('y')], [2, 3]);
    });

    it('is refused where the task is not mapped, and nothing has changed', () => {
      const s = between(line, line);
      s.start();
      const before = structuredClone(s.states());
      assert.deepEqual(
        refusals(() => migrate(s, [map('b')])),
        ['ACTIVITY_NOT_MAPPED a'],
      );
      assert.deepEqual(s.states(), before);
    });

    it('is refused when it runs in another definition than the plan is for', () => {
      const s = between(line, line);
      s.start();
      migrate(s);
      assert.deepEqual(
        refusals(() => migrate(s)),
        ['DEFINITION_DIFFERS '],
      );
    });

    it('is refused when the plan is not valid', () => {
      const s = between(line, line);
      s.start();
      assert.throws(() => migrate(s, [map('a', 'x')]), { code: 'MIGRATION_PLAN_INVALID' });
    });

    it('starts the timers of timeout listeners that are new, and ends those that are gone', () => {
      const timeout = (text: string) => ({
        event: 'timeout' as const,
        expression: expr('${null}'),
        timer: { kind: 'duration' as const, expression: expr(text) },
      });
      const v1 = process({ a: userTask({ taskListeners: [timeout('PT1M')] }) }, ['begin -> a -> over']);
      const v2 = process({ a: userTask({ taskListeners: [timeout('PT2M'), timeout('PT3M')] }) }, ['begin -> a -> over']);
      const s = between(v1, v2);
      s.start();
      migrate(s);
      assert.deepEqual(
        s.jobsOf('a').map(({ listener, dueAt }) => [listener, dueAt - NOW]),
        [
          [0, 60_000],
          [1, 180_000],
        ],
      );
      const back = between(v2, v1);
      back.start();
      migrate(back);
      assert.deepEqual(
        back.jobsOf('a').map(({ listener }) => listener),
        [0],
      );
    });
  });

  describe('when an instance waits for a worker', () => {
    const v1 = process({ work: externalTask('old') }, ['begin -> work -> over']);
    const v2 = process({ work: externalTask('new'), next: userTask() }, ['begin -> work -> next -> over']);

    it('keeps the topic and the tries of its external task', () => {
      const s = between(v1, v2);
      s.start();
      const id = s.externalTaskOf('work');
      s.perform(failExternalTask, { taskId: id, workerId: 'w', retries: 2, retryTimeoutMs: 0, message: 'broken', details: null });
      migrate(s);
      assert.deepEqual(s.instancesOf('work')[0]?.externalTask, { topic: 'old', priority: 0, retries: 2, errorMessage: 'broken' });
      s.work('work');
      assert.deepEqual(s.active(), ['next']);
    });

    it('keeps its incident', () => {
      const s = between(v1, process({ other: userTask(), work: externalTask('t') }, ['begin -> other -> work -> over']));
      s.start();
      s.perform(failExternalTask, {
        taskId: s.externalTaskOf('work'),
        workerId: 'w',
        retries: 0,
        retryTimeoutMs: 0,
        message: 'broken',
        details: null,
      });
      migrate(s);
      const [state] = s.states();
      assert.equal(s.ports.model(2).elements[state?.incidents[0]?.element ?? 0]?.id, 'work');
      s.work('work');
      assert.deepEqual(s.states()[0]?.incidents, []);
    });
  });

  describe('when an instance is parked at an async continuation', () => {
    const async = (fields: Record<string, unknown>) =>
      process({ later: serviceTask(fields), next: userTask() }, ['begin -> later -> next -> over']);

    it('goes on with its job', () => {
      const s = between(async({ asyncBefore: true }), async({ asyncBefore: true, asyncAfter: true }));
      s.start();
      migrate(s);
      s.due('later');
      s.due('later');
      assert.deepEqual(s.active(), ['next']);
    });

    it('needs one in the new version too', () => {
      const before = between(async({ asyncBefore: true }), async({ asyncAfter: true }));
      before.start();
      assert.deepEqual(
        refusals(() => migrate(before)),
        ['NOT_ASYNC_BEFORE later'],
      );
      const after = between(async({ asyncAfter: true }), async({ asyncBefore: true }));
      after.start();
      assert.deepEqual(
        refusals(() => migrate(after)),
        ['NOT_ASYNC_AFTER later'],
      );
    });
  });

  describe('when an instance has called another', () => {
    const called = aProcess('called', { s: start(), inside: userTask(), e: end() }, ['s -> inside -> e']);

    it('the called one stays in its version and comes back into the new one', () => {
      const v1 = process({ call: callActivity('called') }, ['begin -> call -> over']);
      const v2 = process({ x: userTask(), call: callActivity('called'), b: userTask() }, ['begin -> x -> call -> b -> over']);
      const s = between(v1, v2, called);
      s.start();
      migrate(s);
      assert.deepEqual(
        s.states().map(({ definitionId }) => definitionId),
        [2, 3],
      );
      s.complete('inside');
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when an ad-hoc sub-process is open', () => {
    it('goes on with what waits for its turn', () => {
      const free = (...ids: string[]) =>
        process(
          { free: adHoc(Object.fromEntries(ids.map((id) => [id, userTask()])), [], { sequential: true, activeElements: expr('a,b') }) },
          ['begin -> free -> over'],
        );
      const s = between(free('a', 'b'), free('c', 'd', 'b', 'a'));
      s.start();
      migrate(s);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
      const gone = between(free('a', 'b'), free('a', 'c'));
      gone.start();
      assert.deepEqual(
        refusals(() => migrate(gone)),
        ['WAITING_ACTIVITY_NOT_MAPPED free'],
      );
    });
  });

  describe('when an instance is suspended', () => {
    it('is migrated, and its joins go on when it is activated', () => {
      const v1 = process({ fork: inclusive(), a: userTask(), b: userTask(), join: inclusive(), next: userTask() }, [
        'begin -> fork',
        'fork -> a -> join',
        'fork -> b -> join',
        'join -> next -> over',
      ]);
      const v2 = process({ fork: inclusive(), a: userTask(), b: userTask(), join: inclusive(), next: userTask() }, [
        'begin -> fork',
        'fork -> a -> join',
        'fork -> b -> over',
        'begin -> join',
        'join -> next -> over',
      ]);
      const s = between(v1, v2);
      s.start();
      s.complete('a');
      const instanceId = s.states()[0]?.id ?? 0;
      s.perform(suspendInstance, { instanceId });
      migrate(s);
      assert.deepEqual([s.status(), s.active()], [['suspended'], ['b']]);
      s.perform(activateInstance, { instanceId });
      assert.deepEqual(s.active(), ['b', 'next']);
    });
  });
});
