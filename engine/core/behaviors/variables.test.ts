import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, expr, mapping, start, subProcess, userTask } from '#test/support/process-builder.ts';
import { setVariables } from '../commands/set-variables.ts';

describe('variables', () => {
  const a = userTask({ inputs: [mapping('local', '${x}')] });
  const sub = subProcess({ s0: start(), a }, ['s0 -> a'], { inputs: [mapping('inner', '${x + 1}')] });
  const model = aProcess('p', { start: start(), sub, after: userTask() }, ['start -> sub -> after']);
  const started = () => {
    const s = scenario(corePorts([model]));
    s.start({ x: 1 });
    return s;
  };

  describe('when a task is completed', () => {
    it('sets each in the nearest scope that has it, else in the process', () => {
      const s = started();
      const scopeIds = { process: s.states()[0]?.id, sub: s.instancesOf('sub')[0]?.id, task: s.taskOf('a') };
      const { events } = s.complete('a', { local: 10, inner: 20, x: 30, fresh: 40 });
      const set = Object.fromEntries(events.flatMap((event) => (event.type === 'VariableSet' ? [[event.name, event.scope]] : [])));
      assert.deepEqual(set, { local: scopeIds.task, inner: scopeIds.sub, x: scopeIds.process, fresh: scopeIds.process });
      assert.deepEqual(
        ['local', 'inner', 'x', 'fresh'].map((name) => s.variable(name)),
        [undefined, undefined, 30, 40],
      );
    });

    it('records no change for a value that is the same', () => {
      const { lines } = started().complete('a', { x: 1, fresh: 1 });
      assert.deepEqual(
        lines.filter((line) => line.startsWith('VariableSet')),
        ['VariableSet fresh=1'],
      );
    });

    it('refuses a name that would reach the prototype', () => {
      const variables = JSON.parse('{"__proto__": {"type": "String", "value": "x"}}') as Record<string, never>;
      const s = started();
      assert.throws(() => s.perform(setVariables, { instanceId: s.states()[0]?.id ?? 0, set: variables }), {
        code: 'VARIABLE_NAME_INVALID',
      });
    });

    it('does not take inherited names for variables', () => {
      const s = scenario(
        corePorts([aProcess('p', { start: start(), a: userTask({ inputs: [mapping('y', '${constructor}')] }) }, ['start -> a'])]),
      );
      assert.throws(() => s.start({ x: 1 }), { code: 'UNKNOWN_VARIABLE' });
    });
  });

  describe('when a mapping only names a variable', () => {
    it('keeps its type', () => {
      const s = scenario(
        corePorts([aProcess('p', { start: start(), a: userTask({ inputs: [mapping('due', '${when}')] }) }, ['start -> a'])]),
      );
      const when = { type: 'Date' as const, value: '2026-11-22T08:00:00.000+0000' };
      s.start({}, { variables: { when } });
      assert.deepEqual(s.instancesOf('a')[0]?.variables?.['due'], when);
    });
  });

  describe('when a mapping is a list or a map', () => {
    it('evaluates what is inside', () => {
      const text = (source: string) => ({ kind: 'expression' as const, expression: expr(source) });
      const inputs = [
        { name: 'list', value: { kind: 'list' as const, items: [text('a'), text('${x}')] } },
        { name: 'map', value: { kind: 'map' as const, entries: { n: text('${x + 1}') } } },
      ];
      const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask({ inputs }) }, ['start -> a'])]));
      s.start({ x: 1 });
      const local = s.instancesOf('a')[0]?.variables;
      assert.deepEqual([local?.['list']?.value, local?.['map']?.value], [['a', 1], { n: 2 }]);
    });
  });

  describe('when they are set from outside', () => {
    it('sets and removes those of a scope', () => {
      const s = started();
      const instanceId = s.states()[0]?.id ?? 0;
      const scope = s.taskOf('a');
      const set = { x: { type: 'Integer' as const, value: 5 } };
      assert.deepEqual(s.perform(setVariables, { instanceId, scope, set, remove: ['local'] }).lines, [
        'VariableRemoved local',
        'VariableSet x=5',
      ]);
      assert.equal(s.variable('x'), 5);
      assert.equal(s.instancesOf('a')[0]?.variables?.['local'], undefined);
      s.perform(setVariables, { instanceId, scope, local: true, set: { x: { type: 'Integer', value: 6 } } });
      assert.equal(s.variable('x'), 5);
      assert.equal(s.instancesOf('a')[0]?.variables?.['x']?.value, 6);
    });
  });
});
