import assert from 'node:assert/strict';
import { BURST_MS, createFairShare, SHARE } from './fair-share.ts';

function aShare() {
  const clock = { now: 1_000_000, othersWait: true };
  return { clock, share: createFairShare({ now: () => clock.now, othersWait: () => clock.othersWait }) };
}

describe('the share of an instance tree in processor time', () => {
  it('is free up to the burst', () => {
    const { share } = aShare();
    share.charge(1, BURST_MS);
    assert.equal(share.isResting(1), false);
    assert.equal(share.nextEnd(), null);
  });

  describe('when it has had more', () => {
    it('lets it rest as long as its next job costs its share, and others not', () => {
      // given
      const { clock, share } = aShare();
      share.charge(1, BURST_MS);
      // when
      share.charge(1, 10);
      // then
      assert.deepEqual(share.resting(), [1]);
      assert.equal(share.nextEnd(), clock.now + 10 / SHARE);
      assert.equal(share.isResting(2), false);
      clock.now += 10 / SHARE;
      assert.deepEqual(share.resting(), []);
    });

    it('gives it its share and no more', () => {
      const { clock, share } = aShare();
      const begin = clock.now;
      let worked = 0;
      while (clock.now < begin + 60_000) {
        if (share.isResting(1)) clock.now = share.nextEnd() ?? clock.now;
        clock.now += 15;
        share.charge(1, 15);
        worked += 15;
      }
      assert.ok(worked <= BURST_MS + 60_000 * SHARE * 1.2, `${worked} ms`);
      assert.ok(worked >= 60_000 * SHARE * 0.8, `${worked} ms`);
    });
  });

  describe('when several have had more', () => {
    it('they have one share together', () => {
      const { clock, share } = aShare();
      for (const root of [1, 2, 3]) share.charge(root, BURST_MS);
      for (const root of [1, 2, 3]) share.charge(root, 10);
      const begin = clock.now;
      const ends: number[] = [];
      for (let end = share.nextEnd(); end !== null; end = share.nextEnd()) ends.push((clock.now = end) - begin);
      assert.deepEqual(ends, [10 / SHARE, 20 / SHARE, 30 / SHARE]);
    });
  });

  describe('when nobody else wants anything', () => {
    it('is all there is', () => {
      const { clock, share } = aShare();
      clock.othersWait = false;
      for (let job = 0; job < 1_000; job++) share.charge(1, 15);
      assert.equal(share.isResting(1), false);
    });
  });

  describe('when a tree was idle', () => {
    it('has its burst again', () => {
      const { clock, share } = aShare();
      share.charge(1, BURST_MS + 10);
      clock.now += BURST_MS / SHARE + 1_000;
      share.charge(1, BURST_MS - 20);
      assert.equal(share.isResting(1), false);
    });
  });
});
