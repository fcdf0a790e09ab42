import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, boundary, duration, externalTask, message, parallel, start, userTask } from '#test/support/process-builder.ts';
import { activateInstance } from './activate-instance.ts';
import { suspendInstance } from './suspend-instance.ts';

describe('suspendInstance', () => {
  const model = aProcess(
    'p',
    {
      start: start(),
      fork: parallel(),
      a: userTask(),
      b: externalTask('t'),
      hour: boundary('a', duration('PT1H')),
      note: boundary('a', message('m')),
    },
    ['start -> fork', 'fork -> a', 'fork -> b'],
  );
  const suspended = () => {
    const s = scenario(corePorts([model]));
    s.start();
    s.perform(suspendInstance, { instanceId: s.states()[0]?.id ?? 0 });
    return s;
  };

  it('stops tasks, workers, messages and jobs', () => {
    const s = suspended();
    for (const attempt of [() => s.complete('a'), () => s.work('b'), () => s.receive('note'), () => s.due('hour')]) {
      assert.throws(attempt, { code: 'INSTANCE_SUSPENDED' });
    }
  });

  it('ends with activateInstance, and both are no events when repeated', () => {
    const s = suspended();
    const instanceId = s.states()[0]?.id ?? 0;
    assert.deepEqual(s.perform(suspendInstance, { instanceId }).lines, []);
    assert.deepEqual(s.perform(activateInstance, { instanceId }).lines, ['InstanceActivated']);
    assert.deepEqual(s.perform(activateInstance, { instanceId }).lines, []);
    s.complete('a');
    assert.deepEqual(s.active(), ['b']);
  });
});
