import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { createMysqlBatcher } from './batcher-mysql.ts';
import type { Lane } from './dialect/mysql-lane.ts';

/** A lane whose COMMITs end when the test says so. */
function aLane() {
  const waiting: (() => void)[] = [];
  /** How many units each COMMIT had. */
  const groups: number[] = [];
  const lane: Lane = {
    read: async (reads) => reads.map(() => []),
    commit: (_id, { statements }) =>
      new Promise((resolve) => {
        groups.push(statements.join().split("'x'").length - 1);
        waiting.push(resolve);
      }),
    settleOutcome: async () => false,
    close: async () => undefined,
  };
  return { lane, groups, commit: () => waiting.shift()?.() };
}

describe('MySQL batcher with two lanes', () => {
  let first: ReturnType<typeof aLane>;
  let second: ReturnType<typeof aLane>;
  let batcher: ReturnType<typeof createMysqlBatcher>;
  beforeEach(() => {
    [second, first] = [aLane(), aLane()];
    batcher = createMysqlBatcher([second.lane, first.lane], pino({ level: 'silent' }));
  });

  let ids = 0;
  const unit = (key: string | null = null) =>
    batcher.run({ key, name: 'note' }, function* (writes) {
      writes.insert('payload', { hash: `${++ids}`, content: 'x' });
    });
  const units = (count: number) => Promise.all(Array.from({ length: count }, () => unit()));

  it('sends what arrives during a COMMIT as one group when it has ended', async () => {
    // given
    const begun = unit();
    await turn();
    const later = [unit()];
    await turn();
    later.push(unit(), unit());
    await turn();

    // when
    first.commit();
    await begun;
    await turn();
    await turn();
    first.commit();
    await Promise.all(later);

    // then
    assert.deepEqual([first.groups, second.groups], [[1, 3], []]);
  });

  it('takes the other lane when many wait', async () => {
    // given
    const begun = unit();
    await turn();

    // when
    const crowd = units(64);
    await turn();
    await turn();

    // then
    assert.deepEqual([first.groups, second.groups], [[1], [64]]);
    first.commit();
    second.commit();
    await Promise.all([begun, crowd]);
  });

  it('takes the other lane when a COMMIT is slow', async () => {
    // given
    const slow = unit();
    await turn();

    // when
    const behind = unit();
    await wait(60);

    // then
    assert.deepEqual(second.groups, [1]);
    second.commit();
    await behind;
    first.commit();
    await slow;
  });

  it('never runs two units of one key at the same time', async () => {
    // given
    const begun = unit('key');
    await turn();

    // when
    const behind = [unit('key'), unit('key')];
    await wait(60);

    // then
    assert.deepEqual([first.groups, second.groups], [[1], []]);
    first.commit();
    await begun;
    for (const each of behind) {
      await wait(5);
      first.commit();
      second.commit();
      await each;
    }
    assert.deepEqual([...first.groups, ...second.groups], [1, 1, 1]);
  });

  it('finishes what it has taken when it closes', async () => {
    // given
    const last = unit();
    await turn();

    // when
    const closed = batcher.close();
    first.commit();
    await last;

    // then
    await closed;
    await assert.rejects(unit(), { code: 'DATABASE_CLOSED' });
  });
});
