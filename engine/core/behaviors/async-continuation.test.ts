import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { executeJob } from '../commands/execute-job.ts';
import { setVariables } from '../commands/set-variables.ts';
import { aProcess, boundary, end, exclusive, expr, message, parallel, scriptTask, start, task, userTask } from '#test/support/process-builder.ts';
import { STEPS_PER_COMMAND } from '../run.ts';

describe('async continuation', () => {
  describe('when an element is asynchronous before', () => {
    it('is parked with a job; boundary events and inputs come with its execution', () => {
      const model = aProcess('p', { start: start(), a: userTask({ asyncBefore: true }), edge: boundary('a', message('m')), b: end() }, [
        'start -> a',
        'edge -> b',
      ]);
      const s = scenario(corePorts([model]));
      assert.deepEqual(s.start().lines.slice(-2), ['ElementActivated a before', 'JobCreated a async-before']);
      assert.deepEqual(s.subscriptionsOf('edge'), []);
      assert.deepEqual(s.due('a').lines, ['JobExecuted', 'ElementContinued active', 'SubscriptionOpened edge', 'UserTaskCreated a']);
    });
  });

  describe('when its jobs have a priority', () => {
    it('evaluates it when the job is made', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), a: task({ asyncBefore: true, jobPriority: expr('${p * 2}') }) }, ['start -> a'])]));
      s.start({ p: 21 });
      assert.equal(s.jobsOf('a')[0]?.priority, 42);
    });
  });

  describe('when an element is asynchronous after', () => {
    it('is parked with its work done', () => {
      const model = aProcess(
        'p',
        { start: start(), a: userTask({ asyncAfter: true }), edge: boundary('a', message('m')), b: userTask(), c: end() },
        ['start -> a -> b', 'edge -> c'],
      );
      const s = scenario(corePorts([model]));
      s.start();
      assert.deepEqual(s.complete('a').lines, [
        'UserTaskEnded a completed',
        'SubscriptionClosed canceled',
        'ElementContinued after',
        'JobCreated a async-after',
      ]);
      assert.deepEqual(s.due('a').lines.slice(0, 2), ['JobExecuted', 'ElementCompleted a']);
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when a gateway is asynchronous after', () => {
    it('chooses its flow when the job runs', () => {
      const model = aProcess('p', { start: start(), gw: exclusive({ asyncAfter: true }), a: userTask(), b: userTask() }, [
        'start -> gw',
        'gw -> a if ${x}',
        'gw -> b default',
      ]);
      const s = scenario(corePorts([model]));
      s.start({ x: false });
      s.perform(setVariables, { instanceId: s.states()[0]?.id ?? 0, set: { x: { type: 'Boolean', value: true } } });
      s.due('gw');
      assert.deepEqual(s.active(), ['a']);
    });
  });

  describe('when a joining gateway is asynchronous', () => {
    it('joins at once and has one job', () => {
      const model = aProcess(
        'p',
        { start: start(), fork: parallel(), a: task(), b: task(), join: parallel({ asyncBefore: true }), c: userTask() },
        ['start -> fork', 'fork -> a -> join', 'fork -> b -> join', 'join -> c'],
      );
      const s = scenario(corePorts([model]));
      s.start();
      s.due('join');
      assert.deepEqual(s.active(), ['c']);
    });
  });

  describe('when a scope is canceled', () => {
    it('cancels what is parked in it', () => {
      const model = aProcess(
        'p',
        { start: start(), fork: parallel(), a: userTask({ asyncBefore: true }), b: userTask(), stop: end({ type: 'terminate' }) },
        ['start -> fork', 'fork -> a', 'fork -> b -> stop'],
      );
      const s = scenario(corePorts([model]));
      s.start();
      assert.ok(s.complete('b').lines.includes('JobCanceled'));
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  describe('when a model loops for ever', () => {
    it('parks the token after so many steps, and each job does as many again', () => {
      const model = aProcess('p', { start: start(), merge: exclusive(), count: scriptTask('${n + 1}', { resultVariable: 'n' }) }, [
        'start -> merge -> count -> merge',
      ]);
      const s = scenario(corePorts([model]));
      const { lines } = s.start({ n: 0 });
      assert.equal(lines.filter((line) => line.startsWith('ElementActivated')).length, STEPS_PER_COMMAND + 1);
      assert.match(lines.at(-1) ?? '', /^JobCreated \w+ async-before$/);
      const counted = Number(s.variable('n'));
      const [job] = s.states()[0]?.jobs ?? [];
      s.perform(executeJob, { jobId: job?.id ?? 0 });
      assert.ok(Number(s.variable('n')) >= counted + STEPS_PER_COMMAND / 2 - 1);
      assert.equal(s.states()[0]?.elements.length, 2);
    });
  });

  describe('when a split doubles without end', () => {
    it('parks every token and keeps to the limit', () => {
      const model = aProcess('p', { start: start(), a: task() }, ['start -> a', 'a -> a', 'a -> a']);
      const s = scenario(corePorts([model]));
      const { events } = s.start();
      assert.ok(events.length < STEPS_PER_COMMAND * 8);
    });
  });
});
