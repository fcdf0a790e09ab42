import assert from 'node:assert/strict';
import { pino } from 'pino';
import { dialects } from '#test/support/dialects.ts';
import { type FaultProxy, startFaultProxy } from '#test/support/fault-proxy.ts';
import { openStore, type Store } from './open-store.ts';
import { read, type Work } from './unit-of-work.ts';

const mariaDb = dialects().find(({ name }) => name === 'MariaDB');

mariaDb?.describe('batcher, when the link breaks at COMMIT,', () => {
  let store: Store;
  let proxy: FaultProxy;
  before(async function () {
    this.timeout(60_000);
    const url = new URL(await mariaDb.newDatabase());
    proxy = await startFaultProxy(Number(url.port));
    url.port = String(proxy.port);
    store = await openStore({ url: url.href, nodeId: 'test', log: pino({ level: 'silent' }) });
  });
  after(async () => {
    await store.close();
    await proxy.close();
  });

  /** Counts up without compare-and-set: a second run would show. */
  const count = (marker: string) => {
    let runs = 0;
    const done = store.batcher.run({ key: marker, name: 'count' }, function* (writes): Work<number> {
      runs++;
      yield* read('SELECT 1 AS one');
      writes.insertIfAbsent('payload', { hash: marker, content: '{}' });
      writes.upsert('node_lock', { name: marker }, { node_id: marker, pid: 0, host: 'h', started_at: 0 });
      writes.add('node_lock', { name: marker }, { pid: 1 });
      return runs;
    });
    return done;
  };
  const counted = async (marker: string) => (await store.read('SELECT pid FROM node_lock WHERE name = ?', [marker]))[0]?.pid;

  it('answers success without a second run when the transaction had been committed', async () => {
    // given
    proxy.cutAt("'committed'", 'after');

    // when
    const runs = await count('committed');

    // then
    assert.equal(runs, 1);
    assert.equal(await counted('committed'), 1);
  });

  it('runs the unit again when the transaction had never arrived', async () => {
    // given
    proxy.cutAt("'never-arrived'", 'before');

    // when
    const runs = await count('never-arrived');

    // then
    assert.equal(runs, 2);
    assert.equal(await counted('never-arrived'), 1);
  });

  it('asks again when the read of a unit was cut, for all that were read with it', async () => {
    // given
    proxy.cutAt("'cut-read'", 'before');
    const reading = (text: string) =>
      store.batcher.run({ key: 'reads', name: 'read' }, function* (): Work<unknown> {
        const [row] = yield* read('SELECT ? AS answer', [text]);
        return row?.answer;
      });

    // when
    const answers = await Promise.all([reading('cut-read'), reading('other')]);

    // then
    assert.deepEqual(answers, ['cut-read', 'other']);
  });

  it('asks again on another connection when a read outside of units was cut', async () => {
    // given
    proxy.cutAt("'cut-outside'", 'before');

    // when
    const [row] = await store.read('SELECT ? AS answer', ['cut-outside']);

    // then
    assert.equal(row?.answer, 'cut-outside');
  });

  it('goes on with the units after it', async () => {
    // given
    proxy.cutAt("'first'", 'after');

    // when
    await Promise.all([count('first'), count('second'), count('third')]);

    // then
    assert.deepEqual([await counted('first'), await counted('second'), await counted('third')], [1, 1, 1]);
  });
});
