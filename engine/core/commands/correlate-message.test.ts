import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, catchEvent, message, start } from '#test/support/process-builder.ts';
import { correlateMessage } from './correlate-message.ts';

describe('correlateMessage', () => {
  it('names the element instance that waited, and finds it only once', () => {
    const s = scenario(corePorts([aProcess('p', { start: start(), wait: catchEvent(message('m')) }, ['start -> wait'])]));
    s.start();
    const subscriptionId = s.subscriptionsOf('wait')[0]?.id ?? 0;
    const waiting = s.instancesOf('wait')[0]?.id;
    const { result } = s.perform(correlateMessage, { subscriptionId });
    assert.deepEqual([result.elementInstance, result.ended], [waiting, true]);
    assert.throws(() => s.perform(correlateMessage, { subscriptionId }), { code: 'SUBSCRIPTION_NOT_FOUND' });
  });
});
