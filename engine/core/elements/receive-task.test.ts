import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, end, mapping, receiveTask, start, userTask } from '#test/support/process-builder.ts';

describe('receive task', () => {
  describe('when it has no message', () => {
    it('waits until its execution is signalled', () => {
      const model = aProcess('p', { start: start(), a: { type: 'bpmn:ReceiveTask', fields: {} }, b: end() }, ['start -> a -> b']);
      const s = scenario(corePorts([model]));
      s.start();
      assert.deepEqual(
        s.subscriptionsOf('a').map(({ kind, name }) => [kind, name]),
        [['execution', '']],
      );
      s.receive('a', { done: true });
      assert.deepEqual([s.status(), s.variable('done')], [['ended'], true]);
    });
  });

  describe('when its message comes', () => {
    it('goes on with the variables of the message', () => {
      const model = aProcess(
        'p',
        { start: start(), a: receiveTask('reply-${n}', { outputs: [mapping('shown', '${local}')] }), b: userTask() },
        ['start -> a -> b'],
      );
      const s = scenario(corePorts([model]));
      s.start({ n: 1 });
      assert.equal(s.subscriptionsOf('a')[0]?.name, 'reply-1');
      const { lines } = s.receive('a', { answer: 42 }, { local: 'x' });
      assert.deepEqual(lines.slice(0, 2), ['SubscriptionClosed correlated', 'VariableSet answer=42']);
      assert.equal(s.variable('shown'), 'x');
      assert.equal(s.variable('local'), undefined);
      assert.deepEqual(s.active(), ['b']);
    });
  });
});
