import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, boundary, end, error, expr, externalTask, start, userTask } from '#test/support/process-builder.ts';
import { failExternalTask } from '../commands/fail-external-task.ts';
import { Failure } from '../failure.ts';
import type { EvaluationContext, ExternalTaskView } from '../ports.ts';

/** A worker's task whose error definition asks `test`; the error leads to the task `caught`. */
function asking(test: (view: ExternalTaskView) => unknown) {
  const seen: (ExternalTaskView | undefined)[] = [];
  const s = scenario(
    corePorts(
      [
        aProcess(
          'p',
          {
            s: start(),
            a: externalTask('sms', {}, [{ code: expr('E1'), expression: expr('${test}') }]),
            b: boundary('a', error('E1', { messageVariable: 'why' })),
            caught: userTask(),
            done: userTask(),
            e: end(),
          },
          ['s -> a -> done -> e', 'b -> caught'],
        ),
      ],
      {
        '${test}': ({ externalTask: view }: EvaluationContext) => {
          seen.push(view);
          return test(view as ExternalTaskView);
        },
      },
    ),
  );
  s.start();
  const fail = (message: string | null = null, details: string | null = null) =>
    s.perform(failExternalTask, { taskId: s.externalTaskOf('a'), workerId: 'w1', message, details, retries: 2, retryTimeoutMs: 0 });
  return { s, seen, fail };
}

describe('error definitions of an external task', () => {
  describe('when the worker reports a failure', () => {
    it('may ask for its message, details and worker, and the retries before', () => {
      const { s, seen, fail } = asking(({ retries }) => retries !== null);
      fail('no network', 'line 7');
      assert.deepEqual(seen[0], {
        id: String(s.externalTaskOf('a')),
        topicName: 'sms',
        workerId: 'w1',
        retries: null,
        priority: 0,
        errorMessage: 'no network',
        errorDetails: 'line 7',
      });
      fail('no credit');
      assert.equal(seen[1]?.retries, 2);
      assert.deepEqual(s.active(), ['caught']);
      assert.equal(s.variable('why'), 'no credit');
    });

    it('records the failure when an expression fails itself', () => {
      const { s, fail } = asking(() => {
        throw new Failure('EXPRESSION_FAILED', 'Expected an expression that works, but it does not');
      });
      fail('no network');
      assert.equal(s.instancesOf('a')[0]?.externalTask?.retries, 2);
    });
  });

  describe('when the worker completes', () => {
    it('may ask for the message of the last failure', () => {
      const { s, seen, fail } = asking(() => false);
      fail('no network');
      s.work('a');
      assert.equal(seen[1]?.errorMessage, 'no network');
      assert.deepEqual(s.active(), ['done']);
    });

    it('fails when an expression fails', () => {
      const { s } = asking(() => {
        throw new Failure('EXPRESSION_FAILED', 'Expected an expression that works, but it does not');
      });
      assert.throws(() => s.work('a'), { code: 'EXPRESSION_FAILED' });
    });
  });
});
