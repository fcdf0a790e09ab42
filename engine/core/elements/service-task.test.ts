import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { completeExternalTask } from '../commands/complete-external-task.ts';
import type { MappingValue } from '../model.ts';
import { aProcess, end, expr, externalTask, mapping, serviceTask, start, userTask } from '#test/support/process-builder.ts';
import { typed } from '../values.ts';

describe('service task', () => {
  describe('when it is an external task', () => {
    it('waits for a worker with topic and priority', () => {
      const implementation = { kind: 'external', topic: expr('sms-${kind}'), priority: expr('${p}'), errors: [] };
      const s = scenario(
        corePorts([aProcess('p', { start: start(), a: serviceTask({ implementation }), end: end() }, ['start -> a -> end'])]),
      );
      const { lines } = s.start({ kind: 'urgent', p: 9 });
      assert.equal(lines.at(-1), 'ExternalTaskCreated a');
      assert.deepEqual(s.instancesOf('a')[0]?.externalTask, { topic: 'sms-urgent', priority: 9, retries: null, errorMessage: null });
    });

    it('goes on when the worker completes it, with its local variables for the outputs only', () => {
      const model = aProcess('p', { start: start(), a: externalTask('t', { outputs: [mapping('price', '${raw * 2}')] }), b: userTask() }, [
        'start -> a -> b',
      ]);
      const s = scenario(corePorts([model]));
      s.start();
      const raw = { raw: { type: 'Integer' as const, value: 21 } };
      s.perform(completeExternalTask, { taskId: s.externalTaskOf('a'), workerId: 'w', localVariables: raw });
      assert.equal(s.variable('price'), 42);
      assert.equal(s.variable('raw'), undefined);
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when it is an expression', () => {
    it('sets its result and may set variables', () => {
      const implementation = { kind: 'expression', expression: expr('${greet()}'), resultVariable: 'greeting' };
      const ports = corePorts([aProcess('p', { start: start(), a: serviceTask({ implementation }), b: userTask() }, ['start -> a -> b'])], {
        '${greet()}': ({ execution }) => {
          execution.setVariable?.('seen', typed(execution.currentActivityId));
          return 'hello';
        },
      });
      const s = scenario(ports);
      s.start();
      assert.equal(s.variable('greeting'), 'hello');
      assert.equal(s.variable('seen'), 'a');
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when it is a plugin', () => {
    it('is an external task for the plugin host', () => {
      const s = scenario(
        corePorts([
          aProcess('p', { start: start(), a: serviceTask({ implementation: { kind: 'plugin', plugin: 'sms' } }) }, ['start -> a']),
        ]),
      );
      s.start();
      assert.equal(s.instancesOf('a')[0]?.externalTask?.topic, 'plugin:sms');
    });

    it('has its options evaluated when it starts, as a variable of its own', () => {
      const options: MappingValue = {
        kind: 'map',
        entries: {
          to: { kind: 'expression', expression: { language: 'juel', source: '${phone}' } },
          list: { kind: 'list', items: [{ kind: 'value', value: 3 }] },
        },
      };
      const s = scenario(
        corePorts([
          aProcess('p', { start: start(), a: serviceTask({ implementation: { kind: 'plugin', plugin: 'sms', options } }) }, ['start -> a']),
        ]),
      );
      s.start({ phone: '139' });
      assert.deepEqual(s.instancesOf('a')[0]?.variables, { pluginOptions: { type: 'Json', value: { to: '139', list: [3] } } });
    });

    it('has no options when the model gives none, whatever the process calls its variables', () => {
      const s = scenario(
        corePorts([
          aProcess('p', { start: start(), a: serviceTask({ implementation: { kind: 'plugin', plugin: 'sms' } }) }, ['start -> a']),
        ]),
      );
      s.start({ pluginOptions: { to: 'somebody else' } });
      assert.deepEqual(s.instancesOf('a')[0]?.variables, { pluginOptions: { type: 'Json', value: {} } });
    });
  });

  describe('when it has no implementation', () => {
    it('lets the token through', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), a: serviceTask() }, ['start -> a'])]));
      assert.equal(s.start().result.ended, true);
    });
  });
});
