import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, expr, mapping, sendTask, start, userTask } from '#test/support/process-builder.ts';

describe('send task', () => {
  describe('when it has a message and no implementation', () => {
    it('waits until its message is delivered', () => {
      const model = aProcess(
        'p',
        { start: start(), a: sendTask({ message: { name: expr('done') }, inputs: [mapping('order', '${id}')] }), b: userTask() },
        ['start -> a -> b'],
      );
      const s = scenario(corePorts([model]));
      s.start({ id: 5, secret: 1 }, { businessKey: 'WO-1' });
      // then: the message carries the input parameters only
      const [job] = s.jobsOf('a');
      const variables = { order: { type: 'Integer', value: 5 } };
      assert.deepEqual(job?.message, { name: 'done', businessKey: 'WO-1', correlationKeys: {}, variables });
      assert.deepEqual(s.active(), ['a']);
      // when
      const { lines } = s.due('a');
      // then
      assert.deepEqual(lines.slice(0, 3), ['JobExecuted', 'MessageThrown done', 'ElementCompleted a']);
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when it is an external task', () => {
    it('waits for a worker, with or without a message beside', () => {
      const implementation = { kind: 'external', topic: expr('sms'), errors: [] };
      const s = scenario(
        corePorts([aProcess('p', { start: start(), a: sendTask({ implementation, message: { name: expr('unused') } }) }, ['start -> a'])]),
      );
      s.start();
      assert.equal(s.work('a').result.ended, true);
    });
  });
});
