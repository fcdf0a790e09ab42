import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  end,
  expr,
  mapping,
  message,
  scriptTask,
  start,
  subProcess,
  task,
  userTask,
} from '#test/support/process-builder.ts';

const whileOpen = { testBefore: false, condition: expr('${open}') };
const after = { start: start(), after: userTask() };
const flows = ['start -> a -> after'];

describe('standard loop', () => {
  describe('when its condition is asked after each run', () => {
    const model = aProcess('p', { ...after, a: userTask({ standardLoop: whileOpen, nameExpression: expr('run ${loopCounter}') }) }, flows);

    it('runs at least once, and again as long as the condition is true', () => {
      const s = scenario(corePorts([model]));
      const { lines } = s.start({ open: false });
      assert.deepEqual(lines.slice(4), [
        'ElementActivated a body',
        'LoopStarted',
        'LoopAdvanced 0 done 1 active',
        'ElementActivated a',
        'VariableSet loopCounter=0',
        'UserTaskCreated a',
      ]);
      s.complete('a', { open: true });
      assert.equal(s.instancesOf('a')[1]?.task?.name, 'run 1');
      s.complete('a', { open: false });
      assert.deepEqual(s.active(), ['after']);
      assert.equal(s.variable('loopCounter'), undefined);
    });
  });

  describe('when its condition is asked before the first run', () => {
    it('may not run at all', () => {
      const model = aProcess('p', { ...after, a: userTask({ standardLoop: { ...whileOpen, testBefore: true } }) }, flows);
      const s = scenario(corePorts([model]));
      s.start({ open: false });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it has a maximum', () => {
    it('stops there although the condition is still true', () => {
      const model = aProcess('p', { ...after, a: task({ standardLoop: { ...whileOpen, maximum: 3 } }) }, flows);
      const s = scenario(corePorts([model]));
      const { lines } = s.start({ open: true });
      assert.equal(lines.filter((line) => line === 'ElementActivated a').length, 3);
      assert.deepEqual(s.active(), ['after']);
    });

    it('needs no condition', () => {
      const model = aProcess('p', { ...after, a: task({ standardLoop: { testBefore: true, maximum: 2 } }) }, flows);
      const s = scenario(corePorts([model]));
      assert.equal(s.start().lines.filter((line) => line === 'ElementActivated a').length, 2);
    });
  });

  describe('when its condition counts', () => {
    it('sees the counter of the run that would begin', () => {
      const standardLoop = { testBefore: true, condition: expr('${loopCounter < 4}') };
      const s = scenario(corePorts([aProcess('p', { ...after, a: task({ standardLoop }) }, flows)]));
      assert.equal(s.start().lines.filter((line) => line === 'ElementActivated a').length, 4);
    });
  });

  describe('when a boundary event interrupts it', () => {
    it('cancels the run and the loop around it', () => {
      const elements = { ...after, a: userTask({ standardLoop: whileOpen }), stop: boundary('a', message('stop')), other: userTask() };
      const s = scenario(corePorts([aProcess('p', elements, [...flows, 'stop -> other'])]));
      s.start({ open: true });
      s.complete('a');
      assert.equal(s.subscriptionsOf('stop').length, 1);
      s.receive('stop');
      assert.deepEqual(s.active(), ['other']);
    });
  });

  describe('when a sub-process repeats', () => {
    it('has a new scope each time', () => {
      const sub = subProcess({ s0: start(), work: userTask(), e0: end() }, ['s0 -> work -> e0'], {
        standardLoop: whileOpen,
        inputs: [mapping('note', 'run ${loopCounter}')],
      });
      const s = scenario(corePorts([aProcess('p', { start: start(), a: sub, after: userTask() }, flows)]));
      s.start({ open: true });
      const note = () => s.instancesOf('a', (instance) => instance.phase === 'active')[0]?.variables?.['note']?.value;
      assert.equal(note(), 'run 0');
      s.complete('work');
      assert.equal(note(), 'run 1');
      s.complete('work', { open: false });
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a call activity repeats', () => {
    it('calls again', () => {
      const child = aProcess('child', { start: start(), work: userTask() }, ['start -> work']);
      const s = scenario(corePorts([aProcess('p', { ...after, a: callActivity('child', { standardLoop: whileOpen }) }, flows), child]));
      s.start({ open: true });
      s.complete('work');
      s.complete('work');
      assert.deepEqual(s.status(), ['active', 'ended', 'ended', 'active']);
    });
  });

  describe('when it is asynchronous', () => {
    it('waits once before and once after the loop', () => {
      const a = userTask({ standardLoop: { testBefore: false, maximum: 2 }, asyncBefore: true, asyncAfter: true });
      const s = scenario(corePorts([aProcess('p', { ...after, a }, flows)]));
      assert.deepEqual(s.start().lines.slice(-2), ['ElementActivated a before', 'JobCreated a async-before']);
      assert.deepEqual(s.due('a').lines.slice(0, 3), ['JobExecuted', 'ElementContinued body', 'LoopStarted']);
      s.complete('a');
      assert.deepEqual(s.complete('a').lines.slice(-2), ['ElementContinued after', 'JobCreated a async-after']);
      s.due('a');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it never ends', () => {
    it('goes on in a job after the steps of one command', () => {
      const a = scriptTask('${true}', { standardLoop: { testBefore: true, condition: expr('${true}') } });
      const s = scenario(corePorts([aProcess('p', { ...after, a }, flows)]));
      const { lines } = s.start();
      assert.ok(lines.length < 10_000);
      assert.equal(lines.at(-1), 'VariableSet loopCounter=998');
      assert.equal(s.jobsOf('a').length, 1);
      s.due('a');
      assert.equal(s.jobsOf('a').length, 1);
    });
  });
});
