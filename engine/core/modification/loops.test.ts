import assert from 'node:assert/strict';
import { before, cancelActivity, loopOf, modify, refuses, scenarioStarted } from '#test/support/modification-scenario.ts';

describe('modifying a loop', () => {
  it('begins one more run in the body that is there', () => {
    const s = scenarioStarted(loopOf(false));
    s.complete('other');
    modify(s, [before('each')]);
    const items = s.instancesOf('each', ({ phase }) => phase === 'active');
    assert.deepEqual(
      items.map(({ variables }) => variables?.['loopCounter']?.value),
      [0, 1, 2, 3],
    );
    for (const { id } of items) s.completeById(id);
    assert.deepEqual(s.status(), ['ended']);
  });

  it('begins a body of one run where none is there', () => {
    for (const sequential of [true, false]) {
      const s = scenarioStarted(loopOf(sequential));
      modify(s, [cancelActivity('other'), before('each')]);
      assert.deepEqual(
        s.instancesOf('each').map(({ loop }) => loop?.total),
        [1, undefined],
      );
      s.completeById(s.taskOf('each'));
      assert.deepEqual(s.status(), ['ended']);
    }
  });

  it('begins the whole loop by the name of its body', () => {
    const s = scenarioStarted(loopOf(false));
    modify(s, [cancelActivity('other'), before('each#multiInstanceBody')]);
    assert.equal(s.instancesOf('each', ({ phase }) => phase === 'active').length, 3);
  });

  it('does not make it wait for the runs that are canceled', () => {
    const s = scenarioStarted(loopOf(false));
    s.complete('other');
    const [, one, two] = s.instancesOf('each').map(({ id }) => id);
    modify(s, [{ type: 'cancel', instance: one ?? 0 }]);
    s.completeById(two ?? 0);
    s.completeById(s.taskOf('each'));
    assert.deepEqual(s.status(), ['ended']);
  });

  it('ends it with its last run', () => {
    const s = scenarioStarted(loopOf(false));
    s.complete('other');
    modify(s, [before('other'), cancelActivity('each')]);
    assert.deepEqual(s.active(), ['other']);
  });

  it('cancels it as a whole by the name of its body', () => {
    const s = scenarioStarted(loopOf(true));
    s.complete('other');
    modify(s, [cancelActivity('each#multiInstanceBody'), before('other')]);
    assert.deepEqual(s.active(), ['other']);
  });

  it('refuses a second run of a sequential one at the same time', () => {
    const s = scenarioStarted(loopOf(true));
    s.complete('other');
    refuses(() => modify(s, [before('each')]));
  });

  it('ends a sequential one with the run that is canceled; those that would follow do not begin', () => {
    const s = scenarioStarted(loopOf(true));
    s.complete('other');
    s.complete('each');
    modify(s, [before('other'), cancelActivity('each')]);
    assert.deepEqual(s.active(), ['other']);
  });
});
