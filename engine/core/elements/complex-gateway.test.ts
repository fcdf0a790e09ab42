import assert from 'node:assert/strict';
import { startProcess } from '#test/support/core-scenario.ts';
import { complex, end, exclusive, parallel, start, subProcess, task, userTask } from '#test/support/process-builder.ts';

describe('complex gateway', () => {
  describe('as a split', () => {
    const elements = { start: start(), split: complex(), a: userTask(), b: userTask(), c: userTask() };
    const flows = ['start -> split', 'split -> a if ${x > 1}', 'split -> b if ${x > 2}'];

    it('takes every flow whose condition is true', () => assert.deepEqual(startProcess(elements, flows, { x: 3 }).active(), ['a', 'b']));
    it('takes the default flow when no condition is true', () => {
      assert.deepEqual(startProcess(elements, [...flows, 'split -> c default'], { x: 1 }).active(), ['c']);
    });
    it('fails when no condition is true and there is no default flow', () => {
      assert.throws(() => startProcess(elements, flows, { x: 1 }), { code: 'NO_FLOW_TAKEN', elementId: 'split' });
    });
  });

  const three = { start: start(), fork: parallel(), a: userTask(), b: userTask(), c: userTask(), after: userTask() };
  const threeFlows = ['start -> fork', 'fork -> a -> join', 'fork -> b -> join', 'fork -> c -> join'];

  describe('as a join of two out of three', () => {
    const elements = { ...three, join: complex('${activationCount >= 2}') };
    const flows = [...threeFlows, 'join -> after'];

    it('goes on when its activation condition is true', () => {
      const s = startProcess(elements, flows);
      s.complete('c');
      assert.deepEqual(s.active(), ['a', 'b']);
      const { lines } = s.complete('a');
      assert.deepEqual(lines.slice(2, 7), [
        'TokenArrived join',
        'GatewayJoined join',
        'ElementActivated join',
        'VariableSet activationCount=2',
        'VariableSet waitingForStart=true',
      ]);
      assert.deepEqual(s.active(), ['b', 'after']);
    });

    it('takes the late token in its reset, and lets none out', () => {
      const s = startProcess(elements, flows);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.complete('c').lines.slice(2), [
        'TokenArrived join',
        'GatewayJoined join',
        'ElementActivated join',
        'VariableSet activationCount=1',
        'VariableSet waitingForStart=false',
        'ElementCompleted join',
      ]);
      assert.deepEqual(s.active(), ['after']);
      assert.deepEqual(s.states()[0]?.arrivals, []);
    });

    it('keeps its scope open until the reset', () => {
      const s = startProcess(elements, flows);
      s.complete('a');
      s.complete('b');
      s.complete('after');
      assert.deepEqual(s.active(), ['c']);
      s.complete('c');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('resets without a late token when none is expected', () => {
      const s = startProcess({ ...elements, which: exclusive(), no: end() }, [
        'start -> fork',
        'fork -> a -> join',
        'fork -> b -> join',
        'fork -> c -> which',
        'which -> join if ${back}',
        'which -> no default',
        'join -> after',
      ]);
      s.complete('a');
      s.complete('b');
      assert.equal(s.states()[0]?.arrivals.length, 2);
      s.complete('c', { back: false });
      assert.deepEqual(s.states()[0]?.arrivals, []);
      assert.deepEqual(s.active(), ['after']);
    });

    it('goes on once when all branches run without a stop', () => {
      assert.deepEqual(startProcess({ ...elements, a: task(), b: task(), c: task() }, flows).active(), ['after']);
    });

    it('keeps its phase over an async continuation', () => {
      const s = startProcess({ ...elements, join: complex('${activationCount >= 2}', { asyncBefore: true }) }, flows);
      s.complete('a');
      s.complete('b');
      s.complete('c');
      assert.equal(s.jobsOf('join').length, 2);
      for (const { id } of s.jobsOf('join')) s.dueById(id);
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when its flows tell the phases apart', () => {
    const elements = { ...three, join: complex('${activationCount >= 2}'), late: userTask(), never: userTask() };
    const flows = [...threeFlows, 'join -> after if ${waitingForStart}', 'join -> late if ${!waitingForStart}'];

    it('lets a token out at its start and another at its reset', () => {
      const s = startProcess(elements, flows);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.active(), ['c', 'after']);
      s.complete('c');
      assert.deepEqual(s.active(), ['after', 'late']);
    });

    it('takes the default flow at the reset, too, when nothing else is open', () => {
      const s = startProcess(elements, [...threeFlows, 'join -> after if ${waitingForStart}', 'join -> late default']);
      s.complete('a');
      s.complete('b');
      s.complete('c');
      assert.deepEqual(s.active(), ['after', 'late']);
    });
  });

  describe('when its condition looks at a variable', () => {
    it('goes on as soon as a command makes it true', () => {
      const flows = [...threeFlows, 'fork -> d', 'join -> after'];
      const s = startProcess({ ...three, d: userTask(), join: complex('${urgent || activationCount >= 3}') }, flows, { urgent: false });
      s.complete('a');
      assert.deepEqual(s.active(), ['b', 'c', 'd']);
      s.complete('d', { urgent: true });
      assert.deepEqual(s.active(), ['b', 'c', 'after']);
    });
  });

  describe('when its condition fails', () => {
    it('names the gateway', () => {
      const s = startProcess({ ...three, join: complex('${unknown}') }, [...threeFlows, 'join -> after']);
      assert.throws(() => s.complete('a'), { elementId: 'join' });
    });
  });

  describe('when it is used again in a loop', () => {
    it('is ready for the next round after its reset', () => {
      const s = startProcess(
        {
          start: start(),
          merge: exclusive(),
          fork: parallel(),
          a: userTask(),
          b: userTask(),
          join: complex('${activationCount >= 1}'),
          again: userTask(),
          which: exclusive(),
          end: end(),
        },
        [
          'start -> merge -> fork',
          'fork -> a -> join',
          'fork -> b -> join',
          'join -> again -> which',
          'which -> merge if ${more}',
          'which -> end default',
        ],
      );
      for (const more of [true, false]) {
        s.complete('a');
        s.complete('b');
        assert.deepEqual(s.active(), ['again']);
        assert.deepEqual(s.states()[0]?.arrivals, []);
        s.complete('again', { more });
      }
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  describe('when its condition never becomes true', () => {
    it('keeps the tokens, as BPMN says', () => {
      const s = startProcess({ ...three, join: complex('${activationCount >= 9}') }, [...threeFlows, 'join -> after']);
      for (const id of ['a', 'b', 'c']) s.complete(id);
      assert.deepEqual(s.active(), []);
      assert.deepEqual(s.status(), ['active']);
    });
  });

  describe('inside a sub-process', () => {
    it('completes it only after the reset', () => {
      const inner = { s0: start(), fork: parallel(), a: userTask(), b: userTask(), join: complex('${activationCount >= 1}'), done: end() };
      const s = startProcess(
        {
          start: start(),
          sub: subProcess(inner, ['s0 -> fork', 'fork -> a -> join', 'fork -> b -> join', 'join -> done']),
          after: userTask(),
        },
        ['start -> sub -> after'],
      );
      s.complete('b');
      assert.deepEqual(s.active(), ['sub', 'a']);
      s.complete('a');
      assert.deepEqual(s.active(), ['after']);
    });
  });
});
