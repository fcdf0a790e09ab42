import assert from 'node:assert/strict';
import { TransientError } from '#engine/errors.ts';
import { dialects } from '#test/support/dialects.ts';
import { recall, remember } from './idempotency-store.ts';
import type { Store } from './open-store.ts';
import { read, type Work, type Writes } from './unit-of-work.ts';

const key = { tenant: '120103', scope: 'test', key: 'k1' };

const aDecision = {
  definition_id: 1,
  element: 'e',
  element_instance: 1,
  decision_id: 1,
  decision_key: 'k',
  decision_version: 1,
  evaluated_at: 1,
};

function insertPayload(hash: string) {
  return function* (writes: Writes): Work<string> {
    writes.insert('payload', { hash, content: '{}' });
    return hash;
  };
}

for (const dialect of dialects()) {
  dialect.describe('batcher', () => {
    let store: Store;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
    });
    after(() => store.close());
    beforeEach(() => store.batcher.run({ key: null, name: 'clear' }, clear));

    function* clear(writes: Writes): Work<void> {
      for (const hash of ['a', 'b', 'c', 'taken', 'counter']) writes.delete('payload', { hash });
      writes.delete('idempotency', { tenant: key.tenant, scope: key.scope, idem_key: key.key });
    }
    const hashes = async () => (await store.read('SELECT hash FROM payload ORDER BY hash')).map((row) => row.hash);
    const run = <T>(unit: (writes: Writes) => Work<T>, unitKey: string | null = null) =>
      store.batcher.run({ key: unitKey, name: 'test' }, unit);

    describe('when units arrive in one turn of the event loop', () => {
      it('commits them as a group and answers each with its own result', async () => {
        // given
        const groupsBefore = store.stats.groups;

        // when
        const answers = await Promise.all([run(insertPayload('a'), 'same-lane'), run(insertPayload('b')), run(insertPayload('c'))]);

        // then
        assert.deepEqual(answers, ['a', 'b', 'c']);
        assert.deepEqual(await hashes(), ['a', 'b', 'c']);
        assert.ok(store.stats.groups - groupsBefore <= 3);
        if (store.kind === 'sqlite') assert.equal(store.stats.groups - groupsBefore, 1);
      });
    });

    describe('when one unit of a group fails', () => {
      it('takes back only what that unit wrote', async () => {
        // given
        const failing = run(
          function* (writes): Work<void> {
            writes.insert('payload', { hash: 'b', content: '{}' });
            writes.insert('payload', { hash: 'c', content: null });
          },
        );

        // when
        const [first, second] = await Promise.allSettled([run(insertPayload('a')), failing, run(insertPayload('taken'))]);

        // then
        assert.equal(first.status, 'fulfilled');
        assert.equal(second.status, 'rejected');
        assert.deepEqual(await hashes(), ['a', 'taken']);
      });

      it('passes on what the unit throws, and writes nothing of it', async () => {
        // given
        class Refused extends Error {}

        // when
        const refused = run(function* (writes): Work<void> {
          writes.insert('payload', { hash: 'a', content: '{}' });
          yield* read('SELECT 1 AS one');
          throw new Refused();
        });

        // then
        await assert.rejects(refused, Refused);
        assert.deepEqual(await hashes(), []);
      });
    });

    describe('when two units count on the same row', () => {
      it('loses no update', async () => {
        // given
        await run(function* (writes): Work<void> {
          writes.insert('payload', { hash: 'counter', content: '0' });
          yield* read('SELECT 1 AS one');
        });
        const count = () =>
          run(function* (writes): Work<void> {
            const [row] = yield* read('SELECT content FROM payload WHERE hash = ?', ['counter']);
            const old = String(row?.content);
            writes.update('payload', { hash: 'counter' }, { content: String(Number(old) + 1) }, { content: old });
          });

        // when
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, count));

        // then
        const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
        const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
        const [row] = await store.read('SELECT content FROM payload WHERE hash = ?', ['counter']);
        assert.equal(Number(row?.content), won);
        assert.ok(won >= 1);
        for (const { reason } of lost) assert.ok(reason instanceof TransientError && reason.code === 'CONFLICT', String(reason));
        if (store.kind === 'sqlite') assert.equal(won, 20);
      });

      it('runs units of one key one after the other, so that none loses', async () => {
        // given
        const seen: number[] = [];
        const step = (index: number) =>
          run(function* (writes): Work<void> {
            const [row] = yield* read('SELECT content FROM payload WHERE hash = ?', ['counter']);
            if (row) writes.update('payload', { hash: 'counter' }, { content: String(Number(row.content) + 1) }, { content: row.content! });
            else writes.insert('payload', { hash: 'counter', content: '1' });
            writes.afterCommit(() => void seen.push(index));
          }, 'one-key');

        // when
        await Promise.all(Array.from({ length: 10 }, (_, index) => step(index)));

        // then
        const [row] = await store.read('SELECT content FROM payload WHERE hash = ?', ['counter']);
        assert.equal(row?.content, '10');
        assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      });
    });

    describe('when a compare-and-set can never succeed', () => {
      it('gives up after five runs with a conflict', async () => {
        // given
        await run(insertPayload('a'));
        let runs = 0;

        // when
        const hopeless = run(
          function* (writes): Work<void> {
            runs++;
            writes.update('payload', { hash: 'a' }, { content: '1' }, { content: 'never so' });
          },
        );

        // then
        await assert.rejects(hopeless, (error) => error instanceof TransientError && error.code === 'CONFLICT');
        assert.equal(runs, 5);
      });
    });

    describe('when the same idempotency key comes twice at once', () => {
      it('does the work once and answers both alike', async () => {
        // given
        let done = 0;
        const once = () =>
          run(function* (writes): Work<unknown> {
            const known = yield* recall(key, 1000);
            if (known) return known.result;
            const answer = `answer ${++done}`;
            writes.insert('payload', { hash: 'abc'.charAt(done % 3), content: '{}' });
            remember(writes, key, 1000, answer);
            return answer;
          });

        // when
        const [first, second] = await Promise.all([once(), once()]);

        // then
        assert.equal(first, second);
        assert.equal((await hashes()).length, 1);
      });
    });

    describe('when effects are to follow', () => {
      it('runs them after COMMIT, and never for a unit that failed', async () => {
        // given
        const effects: string[] = [];
        const withEffect = (name: string, content: string | null) =>
          run(
            function* (writes): Work<void> {
              writes.insert('payload', { hash: name, content });
              writes.afterCommit(() => void effects.push(name));
            },
          );

        // when
        await Promise.allSettled([withEffect('a', '{}'), withEffect('b', null)]);

        // then
        assert.deepEqual(effects, ['a']);
        assert.deepEqual(await hashes(), ['a']);
      });
    });

    describe('when every kind of write comes in one unit', () => {
      it('keeps their order per table', async () => {
        // when
        await run(
          function* (writes): Work<void> {
            writes.insert('payload', { hash: 'a', content: '1' });
            writes.update('payload', { hash: 'a' }, { content: '2' });
            writes.insertIfAbsent('payload', { hash: 'a', content: '3' });
            writes.upsert('payload', { hash: 'b' }, { content: '4' });
            writes.upsert('payload', { hash: 'b' }, { content: '5' });
            writes.insert('payload', { hash: 'c', content: '6' });
            writes.delete('payload', { hash: 'c' });
            writes.upsert('node_lock', { name: 'count' }, { node_id: 'n', pid: 1, host: 'h', started_at: 5 });
            writes.add('node_lock', { name: 'count' }, { started_at: 2 });
          },
        );

        // then
        const rows = await store.read('SELECT hash, content FROM payload ORDER BY hash');
        assert.deepEqual(
          rows.map((row) => [row.hash, row.content]),
          [
            ['a', '2'],
            ['b', '5'],
          ],
        );
        const [count] = await store.read('SELECT started_at FROM node_lock WHERE name = ?', ['count']);
        assert.equal(count?.started_at, 7);
      });
    });

    describe('when many units read at once', () => {
      it('gives each its own rows, and none to one that asks for what is not there', async () => {
        // given
        await run(
          function* (writes): Work<void> {
            for (const seq of [1, 2, 3])
              writes.upsert('history_decision', { instance_id: seq % 2, seq, part: 0 }, { ...aDecision, record: `r${seq}` });
          },
        );
        const records = (instance: number) =>
          run(function* (): Work<unknown[]> {
            const found = yield* read('SELECT d.record FROM history_decision d WHERE d.instance_id = ?', [instance]);
            const [count] = yield* read('SELECT COUNT(*) AS n FROM history_decision d WHERE d.instance_id = ?', [instance]);
            return [...found.map((row) => row.record), count?.n];
          });

        // when
        const answers = await Promise.all([records(0), records(1), records(9), records(1)]);

        // then
        assert.deepEqual(answers, [['r2', 1], ['r1', 'r3', 2], [0], ['r1', 'r3', 2]]);
      });
    });

    describe('when ids run out', () => {
      it('fetches more and never gives one twice', async () => {
        // when
        const ids = await run(
          function* (): Work<number[]> {
            return Array.from({ length: 25_000 }, () => store.ids.next());
          },
        );

        // then
        assert.equal(new Set(ids).size, 25_000);
        assert.ok(ids.every((id) => Number.isSafeInteger(id) && id > 0));
      });
    });

    describe('when a value cannot be stored', () => {
      it('names table and column instead of writing something else', async () => {
        for (const content of [new Date(), { a: 1 }, true, undefined, Number.NaN]) {
          // when
          const attempt = run(
            function* (writes): Work<void> {
              writes.insert('payload', { hash: 'a', content: content as unknown as string });
            },
          );

          // then
          await assert.rejects(attempt, /^InvariantError: Expected text/);
        }
        assert.deepEqual(await hashes(), []);
      });
    });
  });
}
