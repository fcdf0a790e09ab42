import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  end,
  error,
  eventSubProcess,
  expr,
  externalTask,
  message,
  parallel,
  start,
  task,
  userTask,
} from '#test/support/process-builder.ts';
import { deleteInstance } from '../commands/delete-instance.ts';

describe('call activity', () => {
  const child = aProcess('child', { start: start(), work: userTask(), end: end() }, ['start -> work -> end']);
  const failing = aProcess('failing', { start: start(), work: externalTask('t') }, ['start -> work']);

  describe('when a token comes', () => {
    it('starts an instance of the latest version in the same root', () => {
      const parent = aProcess('parent', { start: start(), call: callActivity('${which}'), after: userTask() }, ['start -> call -> after']);
      const s = scenario(corePorts([parent, child]));
      const { lines } = s.start({ which: 'child' });
      assert.deepEqual(lines.slice(5, 9), ['InstanceCalled call', 'InstanceStarted', 'ElementActivated start', 'ElementCompleted start']);
      const [caller, called] = s.states();
      assert.deepEqual([called?.rootId, called?.superId, called?.businessKey], [caller?.id, caller?.id, null]);
      // when the called instance ends
      s.complete('work');
      assert.deepEqual(s.status(), ['active', 'ended']);
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when the called process has no wait state', () => {
    it('goes on in the same command', () => {
      const quick = aProcess('quick', { start: start(), a: task() }, ['start -> a']);
      const parent = aProcess('parent', { start: start(), call: callActivity('quick'), after: userTask() }, ['start -> call -> after']);
      const s = scenario(corePorts([parent, quick]));
      s.start();
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it has mappings', () => {
    it('hands variables over and back, with expressions and the business key', () => {
      const call = callActivity('child', {
        businessKey: expr('${key}'),
        in: [
          { kind: 'variable', source: 'a', target: 'x', local: false },
          { kind: 'expression', expression: expr('${a + 1}'), target: 'y', local: false },
          { kind: 'variable', source: 'nothing', target: 'z', local: false },
        ],
        out: [
          { kind: 'variable', source: 'answer', target: 'result', local: false },
          { kind: 'expression', expression: expr('${answer * 2}'), target: 'double', local: false },
        ],
      });
      const s = scenario(corePorts([aProcess('parent', { start: start(), call, after: userTask() }, ['start -> call -> after']), child]));
      s.start({ a: 1, key: 'K' });
      const called = s.states()[1];
      assert.deepEqual(
        ['x', 'y', 'z', 'a'].map((name) => s.variable(name, called)),
        [1, 2, null, undefined],
      );
      assert.equal(called?.businessKey, 'K');
      s.complete('work', { answer: 21 });
      assert.deepEqual(
        ['result', 'double', 'answer'].map((name) => s.variable(name)),
        [21, 42, undefined],
      );
    });

    it('reads a local source expression from the variables of the call activity only', () => {
      const local = (source: string) =>
        callActivity('child', {
          inputs: [{ name: 'own', value: { kind: 'expression', expression: expr('${a}') } }],
          in: [{ kind: 'expression', expression: expr(source), target: 'x', local: true }],
        });
      const parent = (source: string) => aProcess('parent', { start: start(), call: local(source) }, ['start -> call']);
      const s = scenario(corePorts([parent('${own + 1}'), child]));
      s.start({ a: 1 });
      assert.equal(s.variable('x', s.states()[1]), 2);
      assert.throws(() => scenario(corePorts([parent('${a + 1}'), child])).start({ a: 1 }));
    });

    it('hands all over when the model says so', () => {
      const all = [{ kind: 'all' as const, local: false }];
      const s = scenario(
        corePorts([
          aProcess('parent', { start: start(), call: callActivity('child', { in: all, out: all }), after: userTask() }, [
            'start -> call -> after',
          ]),
          child,
        ]),
      );
      s.start({ a: 1, b: 2 });
      s.complete('work', { a: 5, c: 3 });
      assert.deepEqual(
        ['a', 'b', 'c'].map((name) => s.variable(name)),
        [5, 2, 3],
      );
    });
  });

  describe('when the called process throws an error that it does not catch', () => {
    it('goes to the boundary event of the caller, and the called instance is over', () => {
      const parent = aProcess(
        'parent',
        {
          start: start(),
          call: callActivity('failing', { out: [{ kind: 'variable', source: 'why', target: 'reason', local: false }] }),
          caught: boundary('call', error('E-1')),
          repair: userTask(),
        },
        ['start -> call', 'caught -> repair'],
      );
      const s = scenario(corePorts([parent, failing]));
      s.start();
      const { lines, events } = s.fail('work', 'E-1', { why: 'x' });
      assert.ok(lines.includes('InstanceEnded INTERNALLY_TERMINATED'));
      const thrown = events.find((event) => event.type === 'ErrorThrown');
      assert.deepEqual([thrown?.caughtBy, thrown?.caughtIn], [parent.indexById['caught'], s.states()[0]?.id]);
      assert.deepEqual(s.active(), ['repair']);
      assert.deepEqual([s.variable('reason'), s.variable('why')], ['x', undefined]);
    });

    it('goes to an error event sub-process of the caller', () => {
      const onError = eventSubProcess({ caught: start(error('E-1')), repair: userTask() }, ['caught -> repair']);
      const parent = aProcess('parent', { start: start(), call: callActivity('failing'), onError }, ['start -> call']);
      const s = scenario(corePorts([parent, failing]));
      s.start();
      s.fail('work', 'E-1');
      assert.deepEqual(s.active(), ['onError', 'repair']);
    });

    it('ends the path in the called process when nobody catches it', () => {
      const parent = aProcess('parent', { start: start(), call: callActivity('failing'), after: userTask() }, ['start -> call -> after']);
      const s = scenario(corePorts([parent, failing]));
      s.start();
      s.fail('work', 'E-1');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when the caller is canceled', () => {
    it('cancels the called instances, down to the last', () => {
      const middle = aProcess('middle', { start: start(), call: callActivity('child') }, ['start -> call']);
      const parent = aProcess(
        'parent',
        { start: start(), call: callActivity('middle'), stop: boundary('call', message('stop')), after: userTask() },
        ['start -> call', 'stop -> after'],
      );
      const s = scenario(corePorts([parent, middle, child]));
      s.start();
      s.receive('stop');
      assert.deepEqual(s.status(), ['active', 'ended', 'ended']);
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when the called instance is deleted', () => {
    it('takes the call activity with it', () => {
      const parent = aProcess('parent', { start: start(), fork: parallel(), call: callActivity('child'), beside: userTask() }, [
        'start -> fork',
        'fork -> call',
        'fork -> beside',
      ]);
      const s = scenario(corePorts([parent, child]));
      s.start();
      s.perform(deleteInstance, { instanceId: s.states()[1]?.id ?? 0, reason: 'mistake' });
      assert.deepEqual(s.active(), ['beside']);
      s.complete('beside');
      assert.deepEqual(s.status(), ['ended', 'ended']);
    });
  });

  describe('when the deleted instance was all that the caller waited for', () => {
    it('ends the caller too', () => {
      const parent = aProcess('parent', { start: start(), call: callActivity('child'), after: userTask() }, ['start -> call -> after']);
      const s = scenario(corePorts([parent, child]));
      s.start();
      s.perform(deleteInstance, { instanceId: s.states()[1]?.id ?? 0, reason: null });
      assert.deepEqual(s.status(), ['ended', 'ended']);
    });
  });

  describe('when the model binds a version', () => {
    it('asks for that version, in the tenant that the model says', () => {
      const asked = (fields: Parameters<typeof callActivity>[1]) => {
        const parent = aProcess('parent', { start: start(), call: callActivity('child', fields) }, ['start -> call']);
        const ports = corePorts([parent, child]);
        const queries: unknown[] = [];
        const definition = ports.definition.bind(ports);
        ports.definition = (query) => {
          queries.push(query);
          return definition(query);
        };
        scenario(ports).start({ v: 3, tag: 'v1' });
        return queries;
      };
      const query = { key: 'child', tenant: '120103', callerDefinitionId: 1 };
      assert.deepEqual(asked({ binding: { kind: 'deployment' } }), [{ ...query, binding: { kind: 'deployment' } }]);
      assert.deepEqual(asked({ binding: { kind: 'version', version: expr('${v}') } }), [
        { ...query, binding: { kind: 'version', version: 3 } },
      ]);
      const tagged = { binding: { kind: 'versionTag' as const, versionTag: expr('${tag}') }, tenantId: expr('120104') };
      assert.deepEqual(asked(tagged), [{ ...query, tenant: '120104', binding: { kind: 'versionTag', versionTag: 'v1' } }]);
    });
  });

  describe('when the called process is unknown', () => {
    it('fails', () => {
      const parent = aProcess('parent', { start: start(), call: callActivity('nowhere') }, ['start -> call']);
      assert.throws(() => scenario(corePorts([parent])).start(), { code: 'DEFINITION_NOT_FOUND', elementId: 'call' });
    });
  });

  describe('when a process calls itself without end', () => {
    it('stops at the limit', () => {
      const endless = aProcess('endless', { start: start(), call: callActivity('endless') }, ['start -> call']);
      assert.throws(() => scenario(corePorts([endless])).start(), { code: 'CALL_DEPTH_EXCEEDED' });
    });
  });
});
