import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, vars } from '#test/support/core-scenario.ts';
import { NOW } from '#test/support/core-ports.ts';
import { aProcess, boundary, end, expr, externalTask, message, start, subProcess, task, userTask } from '#test/support/process-builder.ts';
import { failExternalTask } from '../commands/fail-external-task.ts';
import { failJob } from '../commands/fail-job.ts';
import { setExternalTaskRetries } from '../commands/set-external-task-retries.ts';
import { setJobRetries } from '../commands/set-job-retries.ts';

describe('jobs that fail', () => {
  const started = (fields: Record<string, unknown> = {}) => {
    const s = scenario(
      corePorts([aProcess('p', { start: start(), a: task({ asyncBefore: true, ...fields }), b: userTask() }, ['start -> a -> b'])]),
    );
    s.start();
    const jobId = s.jobsOf('a')[0]?.id ?? 0;
    return { s, jobId, fail: () => s.perform(failJob, { jobId, message: 'broken', details: 'stack' }) };
  };

  it('have three tries and then exactly one incident', () => {
    const { s, fail } = started();
    assert.deepEqual(fail().lines, ['JobFailed 2 left']);
    assert.deepEqual(fail().lines, ['JobFailed 1 left']);
    assert.deepEqual(fail().lines, ['JobFailed 0 left', 'IncidentCreated']);
    assert.deepEqual(fail().lines, ['JobFailed 0 left']);
    const [incident] = s.states()[0]?.incidents ?? [];
    assert.deepEqual([incident?.kind, incident?.message, incident?.at], ['failedJob', 'broken', NOW]);
  });

  it('wait as the model says before each retry', () => {
    const { s, fail } = started({ retryWaitsMs: [1_000, 60_000] });
    assert.equal(s.jobsOf('a')[0]?.retries, 3);
    assert.deepEqual(fail().result.dueAt, NOW + 1_000);
    assert.deepEqual(fail().result.dueAt, NOW + 60_000);
    assert.deepEqual(fail().result.dueAt, NOW + 60_000);
    assert.equal(s.jobsOf('a')[0]?.retries, 0);
  });

  it('resolve the incident when they get new tries', () => {
    const { s, jobId, fail } = started();
    for (let n = 0; n < 3; n++) fail();
    assert.deepEqual(s.perform(setJobRetries, { jobId, retries: 1 }).lines, ['JobRetriesSet', 'IncidentResolved']);
    assert.equal(s.jobsOf('a')[0]?.retries, 1);
    s.due('a');
    assert.deepEqual(s.active(), ['b']);
  });

  it('get their incident at once when an operator takes all tries away', () => {
    const { s, jobId } = started();
    assert.deepEqual(s.perform(setJobRetries, { jobId, retries: 0 }).lines, ['JobRetriesSet', 'IncidentCreated']);
  });

  it('are resolved when an operator runs them by hand', () => {
    const { s, fail } = started();
    for (let n = 0; n < 3; n++) fail();
    assert.deepEqual(s.due('a').lines.slice(0, 2), ['IncidentResolved', 'JobExecuted']);
    assert.deepEqual(s.states()[0]?.incidents, []);
  });

  it('leave no incident behind when their scope is canceled', () => {
    const sub = subProcess({ s0: start(), a: task({ asyncBefore: true }) }, ['s0 -> a']);
    const model = aProcess('p', { start: start(), sub, stop: boundary('sub', message('stop')), other: userTask() }, [
      'start -> sub',
      'stop -> other',
    ]);
    const s = scenario(corePorts([model]));
    s.start();
    for (let n = 0; n < 3; n++) s.perform(failJob, { jobId: s.jobsOf('a')[0]?.id ?? 0, message: 'broken', details: null });
    assert.ok(s.receive('stop').lines.includes('IncidentResolved'));
  });

  it('are unknown once they are executed', () => {
    const { s, jobId, fail } = started();
    s.due('a');
    assert.throws(() => fail(), { code: 'JOB_NOT_FOUND' });
    assert.throws(() => s.perform(setJobRetries, { jobId, retries: 1 }), { code: 'JOB_NOT_FOUND' });
  });
});

describe('external tasks that fail', () => {
  const model = aProcess(
    'p',
    { start: start(), a: externalTask('t'), stop: boundary('a', message('stop')), after: userTask(), end: end() },
    ['start -> a -> after', 'stop -> end'],
  );
  const started = () => {
    const s = scenario(corePorts([model]));
    s.start();
    const taskId = s.externalTaskOf('a');
    const fail = (retries: number) =>
      s.perform(failExternalTask, { taskId, workerId: 'w', message: 'no answer', details: null, retries, retryTimeoutMs: 5_000 });
    return { s, taskId, fail };
  };

  it('keep the tries that the worker says and when to try again', () => {
    const { s, fail } = started();
    const { events, lines } = fail(2);
    assert.deepEqual(lines, ['ExternalTaskFailed']);
    assert.equal(events[0]?.type === 'ExternalTaskFailed' && events[0].retryAt, NOW + 5_000);
    assert.deepEqual(s.instancesOf('a')[0]?.externalTask, { topic: 't', priority: 0, retries: 2, errorMessage: 'no answer' });
  });

  it('keep the variables that the worker sends', () => {
    const { s, taskId } = started();
    const failure = { workerId: 'w', message: null, details: null, retries: 1, retryTimeoutMs: 0 };
    s.perform(failExternalTask, { taskId, ...failure, variables: vars({ seen: 1 }), localVariables: vars({ tried: 2 }) });
    assert.equal(s.variable('seen'), 1);
    assert.equal(s.instancesOf('a')[0]?.variables?.['tried']?.value, 2);
  });

  it('make exactly one incident without tries, and resolve it with new ones', () => {
    const { s, taskId, fail } = started();
    assert.deepEqual(fail(0).lines, ['ExternalTaskFailed', 'IncidentCreated']);
    assert.deepEqual(fail(0).lines, ['ExternalTaskFailed']);
    assert.deepEqual(s.perform(setExternalTaskRetries, { taskId, retries: 1 }).lines, ['ExternalTaskRetriesSet', 'IncidentResolved']);
    assert.equal(s.instancesOf('a')[0]?.externalTask?.retries, 1);
    assert.deepEqual(s.perform(setExternalTaskRetries, { taskId, retries: 0 }).lines, ['ExternalTaskRetriesSet', 'IncidentCreated']);
  });

  it('leave no incident behind when they are completed or canceled', () => {
    const completed = started();
    completed.fail(0);
    assert.ok(completed.s.work('a').lines.includes('IncidentResolved'));
    const canceled = started();
    canceled.fail(0);
    assert.ok(canceled.s.receive('stop').lines.includes('IncidentResolved'));
    const thrown = started();
    thrown.fail(0);
    assert.ok(thrown.s.fail('a', 'E-1').lines.includes('IncidentResolved'));
  });

  it('throw a BPMN error when one of their error definitions is true', () => {
    const mapped = externalTask('t', {}, [{ code: expr('E-9'), expression: expr('${bad}') }]);
    const s = scenario(
      corePorts([
        aProcess(
          'p',
          { start: start(), a: mapped, edge: boundary('a', { type: 'error', code: expr('E-9') }), b: userTask(), c: userTask() },
          ['start -> a -> b', 'edge -> c'],
        ),
      ]),
    );
    s.start({ bad: false });
    const { lines } = s.work('a', { bad: true });
    assert.ok(lines.includes('ErrorThrown E-9 caught by edge'));
    assert.deepEqual(s.active(), ['c']);
  });

  it('end their path when nobody catches the error, as in Camunda 7', () => {
    const { s } = started();
    const { lines } = s.fail('a', 'E-1');
    assert.deepEqual(lines, [
      'ExternalTaskEnded a error',
      'ErrorThrown E-1 caught by nobody',
      'SubscriptionClosed canceled',
      'ElementCompleted a',
      'InstanceEnded COMPLETED',
    ]);
  });
});
