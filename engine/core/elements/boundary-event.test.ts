import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { NOW } from '#test/support/core-ports.ts';
import {
  aProcess,
  boundary,
  callActivity,
  cycle,
  duration,
  end,
  error,
  externalTask,
  message,
  scriptTask,
  start,
  subProcess,
  userTask,
} from '#test/support/process-builder.ts';
import { completeTask } from '../commands/complete-task.ts';

describe('boundary event', () => {
  function hosted(event: Parameters<typeof boundary>[1], interrupting: boolean) {
    const model = aProcess(
      'p',
      { start: start(), host: userTask(), edge: boundary('host', event, interrupting), after: userTask(), other: userTask(), end: end() },
      ['start -> host -> after -> end', 'edge -> other'],
    );
    const s = scenario(corePorts([model]));
    s.start();
    return s;
  }

  describe('when an interrupting timer is due', () => {
    it('cancels the host and goes on from the event', () => {
      const s = hosted(duration('PT1H'), true);
      const taskId = s.taskOf('host');
      const { lines } = s.due('edge');
      assert.deepEqual(lines, [
        'JobExecuted',
        'UserTaskEnded host canceled',
        'ElementCanceled host',
        'ElementActivated edge',
        'ElementCompleted edge',
        'ElementActivated other',
        'UserTaskCreated other',
      ]);
      assert.throws(() => s.perform(completeTask, { taskId }), { code: 'TASK_NOT_FOUND' });
    });
  });

  describe('when the host is completed first', () => {
    it('ends with it', () => {
      const s = hosted(duration('PT1H'), true);
      assert.ok(s.complete('host').lines.includes('JobCanceled'));
      assert.deepEqual(s.jobsOf('edge'), []);
      assert.throws(() => s.perform(completeTask, { taskId: 1 }), { code: 'TASK_NOT_FOUND' });
    });
  });

  describe('when a non-interrupting message comes twice', () => {
    it('goes on each time beside the host', () => {
      const s = hosted(message('note'), false);
      assert.ok(s.receive('edge', { n: 1 }).lines.includes('MessageReceived'));
      s.receive('edge', { n: 2 });
      assert.deepEqual(s.active(), ['host', 'other', 'other']);
      assert.equal(s.variable('n'), 2);
      s.complete('host');
      assert.deepEqual(s.subscriptionsOf('edge'), []);
    });
  });

  describe('when a message brings local variables', () => {
    it('keeps them with the event', () => {
      const s = hosted(message('note'), false);
      const { events } = s.receive('edge', {}, { who: 'Li' });
      const edge = events.find((event) => event.type === 'ElementActivated');
      const set = events.find((event) => event.type === 'VariableSet');
      assert.deepEqual([set?.scope, set?.name], [edge?.id, 'who']);
      assert.equal(s.variable('who'), undefined);
    });
  });

  describe('when an interrupting message comes', () => {
    it('closes its subscription', () => {
      const s = hosted(message('stop'), true);
      s.receive('edge');
      assert.deepEqual(s.active(), ['other']);
      assert.deepEqual(s.subscriptionsOf('edge'), []);
    });
  });

  describe('when a non-interrupting timer has a cycle', () => {
    it('is due again as often as the cycle says', () => {
      const s = hosted(cycle('R3/PT10M'), false);
      const [job] = s.jobsOf('edge');
      assert.deepEqual(job?.repeat, { left: 2, cycle: 'R3/PT10M' });
      s.ports.now = NOW + 600_000;
      assert.equal(s.due('edge').lines[0], 'JobRescheduled 1 left');
      assert.equal(s.jobsOf('edge')[0]?.id, job?.id);
      assert.equal(s.jobsOf('edge')[0]?.dueAt, NOW + 1_200_000);
      assert.equal(s.due('edge').lines[0], 'JobRescheduled 0 left');
      assert.equal(s.due('edge').lines[0], 'JobExecuted');
      assert.deepEqual(s.jobsOf('edge'), []);
      assert.deepEqual(s.active(), ['host', 'other', 'other', 'other']);
    });

    it('goes on for ever without a number', () => {
      const s = hosted(cycle('R/PT10M'), false);
      for (let round = 0; round < 4; round++) assert.equal(s.due('edge').lines[0], 'JobRescheduled -1 left');
    });
  });

  describe('when an interrupting timer has a cycle', () => {
    it('is due once', () => {
      const s = hosted(cycle('R3/PT10M'), true);
      assert.equal(s.jobsOf('edge')[0]?.repeat, undefined);
    });
  });

  describe('when a worker throws a BPMN error', () => {
    const model = aProcess(
      'p',
      {
        start: start(),
        a: externalTask('t'),
        exact: boundary('a', error('E-1')),
        any: boundary('a', error()),
        one: userTask(),
        two: userTask(),
        after: userTask(),
      },
      ['start -> a -> after', 'any -> two', 'exact -> one'],
    );
    const failedWith = (code: string) => {
      const s = scenario(corePorts([model]));
      s.start();
      const { lines } = s.fail('a', code, { why: code });
      return { lines, s };
    };

    it('prefers the event of its code', () => {
      const { lines, s } = failedWith('E-1');
      assert.deepEqual(lines.slice(0, 4), [
        'ExternalTaskEnded a error',
        'VariableSet why="E-1"',
        'ErrorThrown E-1 caught by exact',
        'ElementCanceled a',
      ]);
      assert.deepEqual(s.active(), ['one']);
    });

    it('takes the event without a code for any other', () => assert.deepEqual(failedWith('E-2').s.active(), ['two']));
  });

  describe('when an expression fails', () => {
    it('does not catch it: that is no BPMN error', () => {
      const model = aProcess('p', { start: start(), a: scriptTask('${missing}'), edge: boundary('a', error()), other: userTask() }, [
        'start -> a',
        'edge -> other',
      ]);
      assert.throws(() => scenario(corePorts([model])).start(), { code: 'UNKNOWN_VARIABLE' });
    });
  });

  describe('when a called process ends with an error', () => {
    it('gets its results before it is caught', () => {
      const called = aProcess('q', { s: start(), e: end(error('E-1', { message: 'no bed' })) }, ['s -> e']);
      const call = callActivity('q', {
        in: [{ kind: 'all', local: false }],
        out: [{ kind: 'variable', source: 'x', target: 'y', local: false }],
      });
      const edge = boundary('call', error('E-1', { codeVariable: 'code', messageVariable: 'why' }));
      const s = scenario(corePorts([aProcess('p', { s: start(), call, edge, other: userTask() }, ['s -> call', 'edge -> other']), called]));
      s.start({ x: 3 });
      assert.deepEqual([s.active(), s.variable('y'), s.variable('code'), s.variable('why')], [['other'], 3, 'E-1', 'no bed']);
    });
  });

  describe('when it is on a sub-process', () => {
    it('cancels all that is inside, the innermost first', () => {
      const inner = subProcess({ s1: start(), deep: userTask() }, ['s1 -> deep']);
      const model = aProcess(
        'p',
        {
          start: start(),
          sub: subProcess({ s0: start(), inner }, ['s0 -> inner']),
          edge: boundary('sub', message('stop')),
          other: userTask(),
        },
        ['start -> sub', 'edge -> other'],
      );
      const s = scenario(corePorts([model]));
      s.start();
      const { lines } = s.receive('edge');
      assert.deepEqual(lines.slice(1, 5), [
        'UserTaskEnded deep canceled',
        'ElementCanceled deep',
        'ElementCanceled inner',
        'ElementCanceled sub',
      ]);
      assert.deepEqual(s.active(), ['other']);
    });
  });
});
