import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { dialects, temporaryFolder } from '#test/support/dialects.ts';
import { openStore } from './open-store.ts';
import { StartupError, type StartupErrorCode } from './startup-error.ts';

const log = pino({ level: 'silent' });
const open = (url: string) => openStore({ url, nodeId: 'test', log });

async function assertRefused(url: string, code: StartupErrorCode, message?: RegExp): Promise<void> {
  await assert.rejects(
    async () => (await open(url)).close(),
    (error) => {
      assert.ok(error instanceof StartupError, String(error));
      assert.equal(error.code, code);
      if (message) assert.match(error.message, message);
      return true;
    },
  );
}

/** A process that commits until it is killed; `acknowledged` fills with what it was told is stored. */
async function startWriter(url: string, atLeast: number): Promise<{ child: ChildProcess; acknowledged: string[] }> {
  const child = spawn(process.execPath, ['--no-warnings', path.resolve('test/support/commit-forever.ts'), url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('Expected the writer to run, but it ended')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line !== 'open') acknowledged.push(line);
      if (acknowledged.length >= atLeast) resolve();
    });
  });
  return { child, acknowledged };
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

for (const dialect of dialects()) {
  dialect.describe('openStore', () => {
    describe('when the database is empty', () => {
      it('creates the schema, and finds it when it is opened again', async function () {
        this.timeout(60_000);
        // given
        const url = await dialect.newDatabase();
        const first = await dialect.open(url);
        const firstId = first.ids.next();
        await first.close();

        // when
        const second = await dialect.open(url);

        // then
        const migrations = await second.read('SELECT name FROM knex_migrations ORDER BY id');
        assert.equal(migrations[0]?.name, '0001-engine');
        assert.ok(second.ids.next() > firstId);
        await second.close();
      });
    });

    describe('when a newer version has changed the schema', () => {
      it('refuses to start', async function () {
        this.timeout(60_000);
        // given
        const url = await dialect.newDatabase();
        const store = await dialect.open(url);
        await store.batcher.run({ key: null, name: 'test' }, function* (writes) {
          writes.insert('knex_migrations', { name: '9999-from-the-future', batch: 9 });
        });
        await store.close();

        // then
        await assertRefused(url, 'DATABASE_SCHEMA_NEWER', /9999-from-the-future/);
      });
    });

    describe('when the clock is shifted', () => {
      it('tells the shifted time', async () => {
        const store = await dialect.open();
        const before = store.clock.now();
        store.clock.shift(3_600_000);
        assert.ok(Math.abs(store.clock.now() - before - 3_600_000) < 5_000);
        assert.ok(Math.abs(before - Date.now()) < 5_000);
        await store.close();
      });
    });

    describe('when someone writes through the list queries', () => {
      it('refuses', async () => {
        const store = await dialect.open();
        await assert.rejects(async () => store.knex('payload').insert({ hash: 'x', content: '{}' }));
        assert.deepEqual(await store.knex('payload').select('hash'), []);
        await store.close();
      });
    });
  });
}

const mariaDb = dialects().find(({ name }) => name === 'MariaDB')!;

mariaDb.describe('two nodes with work that one does at a time', () => {
  it('do it one after the other, also when the first one fails', async function () {
    this.timeout(60_000);
    // given
    const url = await mariaDb.newDatabase();
    const [a, b] = [await mariaDb.open(url), await mariaDb.open(url)];
    const steps: string[] = [];
    const began = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();

    // when
    const first = a.alone('seed', async () => {
      steps.push('a begins');
      began.resolve();
      await finish.promise;
      steps.push('a fails');
      throw new Error('broken');
    });
    await began.promise;
    const second = b.alone('seed', async () => void steps.push('b begins'));
    await b.alone('other work', async () => void steps.push('b does something else'));
    finish.resolve();

    // then
    await assert.rejects(first, /broken/);
    await second;
    assert.deepEqual(steps, ['a begins', 'b does something else', 'a fails', 'b begins']);
    await Promise.all([a.close(), b.close()]);
  });
});

describe('openStore, when the configuration is wrong,', () => {
  it('names what is wrong with the URL', async () => {
    await assertRefused('postgres://localhost/x', 'DATABASE_URL_INVALID', /postgres:/);
    await assertRefused('sqlite:', 'DATABASE_URL_INVALID');
    await assertRefused('sqlite::memory:', 'DATABASE_URL_INVALID');
    await assertRefused('mysql://user@host', 'DATABASE_URL_INVALID');
  });

  it('says that the server cannot be reached', async () => {
    await assertRefused('mysql://songbai:secret@127.0.0.1:1/songbai', 'DATABASE_UNREACHABLE', /127\.0\.0\.1:1/);
  });

  it('never tells the password', async () => {
    await assert.rejects(open('mysql://songbai:secret@127.0.0.1:1/songbai'), (error: Error) => !error.message.includes('secret'));
  });

  it('says that the folder cannot be written', async function () {
    // given
    const folder = path.join(temporaryFolder(), 'in the way');
    writeFileSync(folder, 'a file');
    await assertRefused(`sqlite:${folder}/songbai.sqlite`, 'DATABASE_DIRECTORY_NOT_WRITABLE', /in the way/);
    if (process.getuid?.() === 0) return;
    const locked = path.join(temporaryFolder(), 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);

    // then
    await assertRefused(`sqlite:${locked}/songbai.sqlite`, 'DATABASE_DIRECTORY_NOT_WRITABLE');
  });

  it('says that the file is no database', async () => {
    const file = path.join(temporaryFolder(), 'notes.txt');
    writeFileSync(file, 'these are notes, not a database; '.repeat(100));
    await assertRefused(`sqlite:${file}`, 'DATABASE_FILE_INVALID');
  });
});

describe('openStore, with a second engine on one SQLite file,', () => {
  it('refuses while the first one lives, and starts as soon as it was killed', async function () {
    this.timeout(30_000);
    // given
    const url = `sqlite:${path.join(temporaryFolder(), 'songbai.sqlite')}`;
    const { child } = await startWriter(url, 1);

    // then
    await assertRefused(url, 'DATABASE_IN_USE', new RegExp(`node writer \\(process ${child.pid}`));
    await kill(child);
    const store = await open(url);
    await store.close();
  });
});

describe('SQLite store, when its process is killed while it commits,', () => {
  it('has every unit that was acknowledged, and an intact file', async function () {
    this.timeout(60_000);
    // given
    const file = path.join(temporaryFolder(), 'songbai.sqlite');
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      const writer = await startWriter(`sqlite:${file}`, 100);
      await kill(writer.child);
      acknowledged.push(...writer.acknowledged);
    }

    // when
    const store = await open(`sqlite:${file}`);
    const stored = new Set((await store.read('SELECT hash FROM payload')).map((row) => row.hash));
    await store.close();

    // then
    assert.deepEqual(
      acknowledged.filter((hash) => !stored.has(hash)),
      [],
    );
    assert.ok(acknowledged.length >= 500);
    const database = new DatabaseSync(file, { readOnly: true });
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
    database.close();
  });
});
