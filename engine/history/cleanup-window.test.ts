import assert from 'node:assert/strict';
import { parseWindow, windowAt } from './cleanup-window.ts';

const at = (text: string) => Date.parse(text);
const window = (text: string) => parseWindow(text) ?? assert.fail('expected a window');
const wire = ({ from, to }: { from: number; to: number }) => [new Date(from).toISOString(), new Date(to).toISOString()];

describe('window of the clean-up', () => {
  it('is the one that is open, else the next one', () => {
    const night = window('02:00-05:00');
    assert.deepEqual(wire(windowAt(night, at('2026-11-23T01:00:00+08:00'), 'Asia/Shanghai')), ['2026-11-22T18:00:00.000Z', '2026-11-22T21:00:00.000Z']);
    assert.deepEqual(wire(windowAt(night, at('2026-11-23T04:59:59+08:00'), 'Asia/Shanghai')), ['2026-11-22T18:00:00.000Z', '2026-11-22T21:00:00.000Z']);
    assert.deepEqual(wire(windowAt(night, at('2026-11-23T05:00:00+08:00'), 'Asia/Shanghai')), ['2026-11-23T18:00:00.000Z', '2026-11-23T21:00:00.000Z']);
  });

  it('may go over midnight', () => {
    const late = window('23:00-01:00');
    for (const now of ['2026-11-22T23:30:00+08:00', '2026-11-23T00:30:00+08:00'])
      assert.deepEqual(wire(windowAt(late, at(now), 'Asia/Shanghai')), ['2026-11-22T15:00:00.000Z', '2026-11-22T17:00:00.000Z']);
  });

  it('keeps the time of the clock where clocks change', () => {
    const night = window('04:00-05:00');
    assert.deepEqual(wire(windowAt(night, at('2026-03-28T12:00:00Z'), 'Europe/Berlin')), ['2026-03-29T02:00:00.000Z', '2026-03-29T03:00:00.000Z']);
  });

  it('is refused when it is no time of the day', () => {
    assert.equal(parseWindow('off'), null);
    for (const text of ['', '2-5', '24:00-01:00', '02:00']) assert.throws(() => parseWindow(text), RangeError);
  });
});
