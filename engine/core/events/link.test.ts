import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, exclusive, linkCatch, linkThrow, parallel, start, subProcess, userTask } from '#test/support/process-builder.ts';

describe('link events', () => {
  const model = aProcess(
    'p',
    { start: start(), which: exclusive(), one: linkThrow('L'), two: linkThrow('L'), in: linkCatch('L'), after: userTask() },
    ['start -> which', 'which -> one if ${x == 1}', 'which -> two default', 'in -> after'],
  );

  it('lead every throw of a name to its one catch', () => {
    for (const [x, thrown] of [
      [1, 'one'],
      [2, 'two'],
    ]) {
      const s = scenario(corePorts([model]));
      const { lines } = s.start({ x });
      assert.deepEqual(lines.slice(-6), [
        `ElementActivated ${thrown}`,
        `ElementCompleted ${thrown}`,
        'ElementActivated in',
        'ElementCompleted in',
        'ElementActivated after',
        'UserTaskCreated after',
      ]);
    }
  });

  it('lead each token of its own', () => {
    const both = aProcess(
      'p',
      { start: start(), fork: parallel(), one: linkThrow('L'), two: linkThrow('L'), in: linkCatch('L'), after: userTask() },
      ['start -> fork', 'fork -> one', 'fork -> two', 'in -> after'],
    );
    const s = scenario(corePorts([both]));
    s.start();
    assert.deepEqual(s.active(), ['after', 'after']);
  });

  describe('in a sub-process', () => {
    it('stay inside it, whatever has the same name outside', () => {
      const sub = subProcess({ s0: start(), out: linkThrow('L'), in: linkCatch('L'), inner: userTask() }, ['s0 -> out', 'in -> inner']);
      const s = scenario(
        corePorts([
          aProcess('p', { start: start(), sub, leave: linkThrow('L'), arrive: linkCatch('L'), after: userTask() }, [
            'start -> sub -> leave',
            'arrive -> after',
          ]),
        ]),
      );
      s.start();
      assert.deepEqual(s.active(), ['sub', 'inner']);
      s.complete('inner');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('with an async continuation', () => {
    it('go on from the job', () => {
      const later = aProcess(
        'p',
        {
          start: start(),
          out: { ...linkThrow('L'), fields: { ...linkThrow('L').fields, asyncAfter: true } },
          in: linkCatch('L'),
          after: userTask(),
        },
        ['start -> out', 'in -> after'],
      );
      const s = scenario(corePorts([later]));
      s.start();
      assert.deepEqual(s.active(), ['out']);
      s.due('out');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('in a circle', () => {
    it('stop at the step limit of a command', () => {
      const circle = aProcess('p', { start: start(), merge: exclusive(), out: linkThrow('L'), in: linkCatch('L') }, [
        'start -> merge -> out',
        'in -> merge',
      ]);
      const s = scenario(corePorts([circle]));
      s.start();
      assert.equal(s.states()[0]?.jobs.length, 1);
    });
  });
});
