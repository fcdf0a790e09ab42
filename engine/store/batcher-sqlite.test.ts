import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { temporaryFolder } from '#test/support/dialects.ts';
import { createSqliteBatcher } from './batcher-sqlite.ts';
import { openSqlite, type SqliteConnection } from './dialect/sqlite.ts';
import { read, type Work, type Writes } from './unit-of-work.ts';

describe('SQLite batcher', () => {
  let file: string;
  let connection: SqliteConnection;
  let batcher: ReturnType<typeof createSqliteBatcher>;
  beforeEach(() => {
    file = path.join(temporaryFolder(), 'test.sqlite');
    connection = openSqlite(file, { readOnly: false, busyTimeoutMs: 0 });
    connection.db.exec('CREATE TABLE note (id integer primary key, text text)');
    batcher = createSqliteBatcher(connection, pino({ level: 'silent' }));
  });
  afterEach(() => batcher.close());

  const note = (id: number, text = 'x') =>
    batcher.run(
      { key: null, name: 'note' },
      function* (writes: Writes): Work<void> {
        writes.insert('note', { id, text });
      },
    );
  const ids = () => connection.all('SELECT id FROM note ORDER BY id', []).map((row) => row.id);

  describe('when another process holds the lock of the file', () => {
    it('waits without blocking the event loop, and commits when the lock is free', async () => {
      // given
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');

      // when
      const done = note(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      other.exec('COMMIT');
      other.close();
      await done;

      // then
      assert.deepEqual(ids(), [1]);
    });
  });

  describe('when the file is locked at COMMIT', () => {
    it('takes the group back and runs it again', async () => {
      // given
      let commits = 0;
      const { prepare } = connection.db;
      connection.db.prepare = (sql) => {
        const statement = prepare.call(connection.db, sql);
        const run = statement.run.bind(statement);
        if (sql === 'COMMIT')
          statement.run = () => {
            if (++commits === 1) throw Object.assign(new Error('database is locked'), { errcode: 5 });
            return run();
          };
        return statement;
      };
      batcher = createSqliteBatcher(connection, pino({ level: 'silent' }));

      // when
      await Promise.all([note(1), note(2)]);

      // then
      assert.deepEqual(ids(), [1, 2]);
      assert.equal(commits, 2);
    });
  });

  describe('when another process takes the lock between two tries of a group', () => {
    it('waits for it', async () => {
      // given
      let begins = 0;
      const { prepare } = connection.db;
      connection.db.prepare = (sql) => {
        const statement = prepare.call(connection.db, sql);
        const run = statement.run.bind(statement);
        if (sql === 'BEGIN IMMEDIATE')
          statement.run = () => {
            if (++begins === 2) throw Object.assign(new Error('database is locked'), { errcode: 5 });
            return run();
          };
        return statement;
      };
      batcher = createSqliteBatcher(connection, pino({ level: 'silent' }));

      // when
      const outcomes = await Promise.allSettled([note(1), note(2, null as unknown as string), batcher.run({ key: null, name: 'wrong' }, function* (writes): Work<void> {
        writes.insert('nowhere', { id: 1 });
      })]);

      // then
      assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'fulfilled', 'rejected']);
      assert.deepEqual(ids(), [1, 2]);
    });
  });

  describe('when the disk is full', () => {
    it('fails the group with a readable error, and works again when there is room', async () => {
      // given
      await note(1);
      const [size] = connection.all('PRAGMA page_count', []);
      connection.db.exec(`PRAGMA max_page_count = ${Number(size?.page_count) + 2}`);

      // when
      const outcomes = await Promise.allSettled([note(2), note(3, 'long '.repeat(100_000))]);

      // then
      const full = outcomes.find((outcome) => outcome.status === 'rejected');
      assert.equal((full?.reason as { code?: string } | undefined)?.code, 'DATABASE_FULL');
      assert.equal(connection.db.isTransaction, false);
      connection.db.exec('PRAGMA max_page_count = 1000000');
      await note(4);
      assert.ok(ids().includes(4));
      assert.ok(!ids().includes(3));
    });
  });

  describe('when a unit inserts many rows into one table', () => {
    it('stores each of them, in order, with few statements', async () => {
      // when
      await batcher.run({ key: null, name: 'notes' }, function* (writes: Writes): Work<void> {
        for (let id = 1; id <= 40; id++) writes.insert('note', { id, text: `text ${id}` });
        writes.delete('note', { id: 3 });
        writes.insert('note', { id: 41, text: null });
      });

      // then
      const rows = connection.all('SELECT id, text FROM note ORDER BY rowid', []);
      const all = Array.from({ length: 41 }, (_, index) => [index + 1, index === 40 ? null : `text ${index + 1}`]);
      assert.deepEqual(rows.map(({ id, text }) => [id, text]), all.filter(([id]) => id !== 3));
    });

    it('takes all of them back when one is there already', async () => {
      // given
      await note(20);

      // when
      const failed = batcher.run({ key: null, name: 'notes' }, function* (writes: Writes): Work<void> {
        for (let id = 1; id <= 40; id++) writes.insert('note', { id, text: 'x' });
      });

      // then
      await assert.rejects(failed, { code: 'CONFLICT' });
      assert.deepEqual(ids(), [20]);
    });
  });

  describe('when a number goes into a text column', () => {
    it('refuses, because SQLite would store 5.0', async () => {
      await assert.rejects(note(1, 5 as unknown as string), /Expected text for note.text/);
    });
  });

  describe('when a read is wrong', () => {
    it('fails its unit only', async () => {
      // given
      const wrong = batcher.run({ key: null, name: 'wrong' }, function* (): Work<void> {
        yield* read('SELECT * FROM nowhere');
      });

      // when
      const [failed, fine] = await Promise.allSettled([wrong, note(1)]);

      // then
      assert.deepEqual([failed.status, fine.status], ['rejected', 'fulfilled']);
    });
  });

  describe('when it closes', () => {
    it('finishes what it has taken, and takes no more', async () => {
      // given
      const last = note(1);

      // when
      const closing = batcher.close();
      const late = assert.rejects(note(2), { code: 'DATABASE_CLOSED' });

      // then
      await last;
      await late;
      await closing;
      connection = openSqlite(file, { readOnly: false, busyTimeoutMs: 0 });
      assert.deepEqual(ids(), [1]);
      batcher = createSqliteBatcher(connection, pino({ level: 'silent' }));
    });
  });
});
