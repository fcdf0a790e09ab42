import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  duration,
  end,
  eventSubProcess,
  mapping,
  message,
  start,
  subProcess,
  userTask,
} from '#test/support/process-builder.ts';

describe('sub-process', () => {
  it('is done when its last token is gone', () => {
    const model = aProcess(
      'p',
      { start: start(), sub: subProcess({ s0: start(), a: userTask(), e0: end() }, ['s0 -> a -> e0']), after: userTask() },
      ['start -> sub -> after'],
    );
    const s = scenario(corePorts([model]));
    s.start();
    const { lines } = s.complete('a');
    assert.deepEqual(lines.slice(1, 5), ['ElementCompleted a', 'ElementActivated e0', 'ElementCompleted e0', 'ElementCompleted sub']);
    assert.deepEqual(s.active(), ['after']);
  });

  it('keeps its input variables to itself and hands its outputs out', () => {
    const fields = { inputs: [mapping('level', '${n + 1}')], outputs: [mapping('final', '${level * 10}')] };
    const model = aProcess(
      'p',
      { start: start(), sub: subProcess({ s0: start(), a: userTask() }, ['s0 -> a'], fields), after: userTask() },
      ['start -> sub -> after'],
    );
    const s = scenario(corePorts([model]));
    s.start({ n: 1 });
    // when a variable that the sub-process has is set inside
    s.complete('a', { level: 7 });
    // then
    assert.equal(s.variable('final'), 70);
    assert.equal(s.variable('level'), undefined);
  });

  describe('event sub-process', () => {
    const stop = eventSubProcess({ go: start(message('stop')), clean: userTask() }, ['go -> clean']);
    const note = eventSubProcess({ heard: start(message('note'), { interrupting: false }), file: userTask() }, ['heard -> file']);
    const inside = { s0: start(), a: userTask(), stop, note };
    const model = aProcess(
      'p',
      {
        start: start(),
        sub: subProcess(inside, ['s0 -> a']),
        edge: boundary('sub', duration('PT1H')),
        after: userTask(),
        late: userTask(),
      },
      ['start -> sub -> after', 'edge -> late'],
    );
    const started = () => {
      const s = scenario(corePorts([model]));
      s.start();
      return s;
    };

    describe('when its interrupting message comes', () => {
      it('takes the scope over: the rest is canceled, its own boundary events stay', () => {
        const s = started();
        const { lines } = s.receive('go', { why: 'x' });
        assert.ok(lines.includes('ElementCanceled a'));
        assert.deepEqual(s.active(), ['sub', 'stop', 'clean']);
        assert.deepEqual(s.states()[0]?.subscriptions, []);
        assert.equal(s.jobsOf('edge').length, 1);
        s.complete('clean');
        assert.deepEqual(s.active(), ['after']);
        assert.deepEqual(s.jobsOf('edge'), []);
      });
    });

    describe('when its non-interrupting message comes twice', () => {
      it('runs twice beside the rest, and the scope waits for both', () => {
        const s = started();
        s.receive('heard');
        s.receive('heard', {}, { who: 'second' });
        assert.deepEqual(s.active(), ['sub', 'a', 'note', 'file', 'note', 'file']);
        assert.deepEqual(
          s.instancesOf('note').map((instance) => instance.variables?.['who']?.value),
          [undefined, 'second'],
        );
        s.complete('a');
        assert.deepEqual(s.active(), ['sub', 'note', 'file', 'note', 'file']);
      });
    });

    describe('when the interrupting one comes while the other runs', () => {
      it('cancels that too', () => {
        const s = started();
        s.receive('heard');
        s.receive('go');
        assert.deepEqual(s.active(), ['sub', 'stop', 'clean']);
      });
    });

    describe('when the scope is done', () => {
      it('stops waiting', () => {
        const s = started();
        s.complete('a');
        assert.deepEqual(s.active(), ['after']);
        assert.deepEqual(s.states()[0]?.subscriptions, []);
      });
    });
  });
});
