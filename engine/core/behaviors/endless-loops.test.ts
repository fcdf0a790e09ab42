import assert from 'node:assert/strict';
import { anActor, corePorts, emptyRoot } from '#test/support/core-ports.ts';
import { vars } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  condition,
  end,
  exclusive,
  expr,
  scriptTask,
  start,
  subProcess,
  task,
  userTask,
} from '#test/support/process-builder.ts';
import { completeTask } from '../commands/complete-task.ts';
import { executeJob } from '../commands/execute-job.ts';
import { failJob } from '../commands/fail-job.ts';
import { setJobRetries } from '../commands/set-job-retries.ts';
import { startInstance } from '../commands/start-instance.ts';
import type { Failure } from '../failure.ts';
import type { ProcessModel } from '../model.ts';
import type { JobState } from '../state.ts';
import { STEPS_PER_SMALL_COMMAND, STEPS_WITHOUT_WAIT } from '../run.ts';

/** One instance whose jobs run at once, one after the other, as the executor would run them. */
function started(model: ProcessModel, variables: Record<string, unknown> = {}) {
  const ports = corePorts([model]);
  const root = emptyRoot();
  const { result } = startInstance(
    { definitionId: 1, businessKey: null, tenant: 't', area: 't', variables: vars(variables) },
    root,
    ports,
    anActor,
  );
  const state = root.instances.get(result.instanceId)!;
  const next = (): JobState | undefined => state.jobs.find(({ dueAt, retries }) => dueAt <= ports.now && retries > 0);
  /** Until nothing is due or a job fails. */
  function runJobs(): { commands: number; failure: Failure | null } {
    for (let commands = 0; ; commands++) {
      const job = next();
      if (!job) return { commands, failure: null };
      const before = structuredClone(state);
      try {
        executeJob({ jobId: job.id }, root, ports, anActor);
      } catch (error) {
        // What a failed command did to the state is dropped.
        Object.assign(state, before);
        return { commands, failure: error as Failure };
      }
    }
  }
  return { root, ports, state, next, runJobs };
}

const gatewayLoop = aProcess('p', { start: start(), a: exclusive(), b: exclusive() }, ['start -> a -> b -> a']);

describe('a loop that never waits', () => {
  describe('when nothing in it is asynchronous', () => {
    it('is cut into commands, and fails with its element after so many steps', function () {
      this.timeout(60_000);
      // given
      const { runJobs } = started(gatewayLoop);
      // when
      const { commands, failure } = runJobs();
      // then
      assert.equal(failure?.code, 'ENDLESS_LOOP');
      assert.ok(['a', 'b'].includes(failure?.elementId ?? ''), String(failure?.elementId));
      assert.ok(commands <= STEPS_WITHOUT_WAIT / STEPS_PER_SMALL_COMMAND, `${commands} commands`);
    });

    it('becomes one incident when its tries are used up, and nothing of it runs any more', function () {
      this.timeout(60_000);
      // given
      const { root, ports, state, next, runJobs } = started(gatewayLoop);
      // when
      for (let tries = 0; tries < 3; tries++) {
        const { failure } = runJobs();
        failJob({ jobId: next()?.id ?? 0, message: failure?.message ?? '', details: null }, root, ports, anActor);
      }
      // then
      assert.equal(next(), undefined);
      assert.equal(state.incidents.length, 1);
      assert.match(state.incidents[0]?.message ?? '', /wait state within 200000 steps/);
    });

    it('goes on as far again when somebody sets its retries', function () {
      this.timeout(60_000);
      // given
      const { root, ports, next, runJobs } = started(gatewayLoop);
      runJobs();
      // when
      setJobRetries({ jobId: next()?.id ?? 0, retries: 1 }, root, ports, anActor);
      // then
      const { commands, failure } = runJobs();
      assert.equal(failure?.code, 'ENDLESS_LOOP');
      assert.ok(commands > 100, `${commands} commands`);
    });
  });

  describe('when each round is a job', () => {
    it('fails after so many jobs', function () {
      this.timeout(60_000);
      const { runJobs } = started(aProcess('p', { start: start(), a: task({ asyncBefore: true }) }, ['start -> a -> a']));
      const { commands, failure } = runJobs();
      assert.equal(failure?.code, 'ENDLESS_LOOP');
      assert.ok(commands > 10_000 && commands <= 20_000, `${commands} jobs`);
    });
  });

  describe('when each round waits for a moment only', () => {
    it('fails all the same', function () {
      this.timeout(60_000);
      const model = aProcess('p', { start: start(), a: task({ asyncAfter: true }), b: task({ asyncBefore: true }) }, [
        'start -> a -> b -> a',
      ]);
      assert.equal(started(model).runJobs().failure?.code, 'ENDLESS_LOOP');
    });
  });

  describe('when somebody is asked in each round', () => {
    it('runs for ever', function () {
      this.timeout(60_000);
      // given
      const model = aProcess('p', { start: start(), before: task({ asyncBefore: true }), ask: userTask() }, [
        'start -> before -> ask -> before',
      ]);
      const { root, ports, state, runJobs } = started(model);
      // when
      for (let round = 0; round < 50; round++) {
        assert.equal(runJobs().failure, null);
        const asked = state.elements.find((instance) => instance.task);
        completeTask({ taskId: asked?.id ?? 0, variables: {} }, root, ports, anActor);
      }
      // then
      assert.ok((state.jobs[0]?.steps ?? 0) <= 20, `${state.jobs[0]?.steps} steps are counted`);
    });
  });
});

describe('a loop of many items', () => {
  const overCount = (n: string, sequential = false) => ({ sequential, cardinality: expr(n) });

  it('of 10,000 one after the other ends', function () {
    this.timeout(60_000);
    const model = aProcess('p', { start: start(), a: task({ multiInstance: overCount('${10000}', true) }), e: end() }, ['start -> a -> e']);
    const { runJobs, state } = started(model);
    assert.equal(runJobs().failure, null);
    assert.equal(state.status, 'ended');
  });

  it('in a loop of many is refused where together they would be too many', () => {
    const inner = userTask({ multiInstance: overCount('${10000}') });
    const outer = subProcess({ s: start(), inner }, ['s -> inner'], { multiInstance: overCount('${10000}') });
    assert.throws(() => started(aProcess('p', { start: start(), outer }, ['start -> outer'])), {
      code: 'LOOPS_NESTED_TOO_LARGE',
      elementId: 'inner',
    });
  });
});

describe('a process that calls itself', () => {
  it('in each item of a loop fails with its caller', () => {
    const model = aProcess(
      'p',
      { start: start(), call: callActivity('p', { multiInstance: { sequential: false, cardinality: expr('${100}') } }) },
      ['start -> call'],
    );
    assert.throws(() => started(model), { code: 'LOOPS_NESTED_TOO_LARGE', elementId: 'call' });
  });
});

describe('a conditional event that triggers itself', () => {
  it('is an endless loop like any other', function () {
    this.timeout(60_000);
    const model = aProcess(
      'p',
      {
        start: start(),
        ask: userTask(),
        again: boundary('ask', condition('${n > 0}'), false),
        count: scriptTask('${n + 1}', { resultVariable: 'n' }),
      },
      ['start -> ask', 'again -> count'],
    );
    const { failure } = started(model, { n: 1 }).runJobs();
    assert.equal(failure?.code, 'ENDLESS_LOOP');
  });
});
