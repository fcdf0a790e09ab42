import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, expr, message, start, throwEvent, userTask } from '#test/support/process-builder.ts';

describe('intermediate throw event', () => {
  it('without a definition lets the token through', () => {
    const s = scenario(corePorts([aProcess('p', { start: start(), milestone: throwEvent(), a: userTask() }, ['start -> milestone -> a'])]));
    assert.ok(s.start().lines.includes('ElementCompleted milestone'));
    assert.deepEqual(s.active(), ['a']);
  });

  describe('when it throws a message', () => {
    it('goes on when the message is delivered', () => {
      const s = scenario(
        corePorts([aProcess('p', { start: start(), tell: throwEvent(message('news')), a: userTask() }, ['start -> tell -> a'])]),
      );
      s.start();
      assert.equal(s.jobsOf('tell')[0]?.kind, 'send-message');
      assert.ok(s.due('tell').lines.includes('MessageThrown news'));
      assert.deepEqual(s.active(), ['a']);
    });

    it('is an external task when the model says so', () => {
      const event = {
        type: 'message' as const,
        name: expr('news'),
        implementation: { kind: 'external' as const, topic: expr('mail'), errors: [] },
      };
      const s = scenario(corePorts([aProcess('p', { start: start(), tell: throwEvent(event), a: userTask() }, ['start -> tell -> a'])]));
      s.start();
      s.work('tell');
      assert.deepEqual(s.active(), ['a']);
    });
  });
});
