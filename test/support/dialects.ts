import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { openStore, type Store } from '#engine/store/open-store.ts';
import { mariaDb, mariaDbMissing } from './mariadb.ts';

export interface Dialect {
  name: 'SQLite' | 'MariaDB';
  /** `describe`, or `describe.skip` with the reason in the title. */
  describe: (title: string, tests: () => void) => void;
  /** URL of a new, empty database. */
  newDatabase(): Promise<string>;
  /** A store on a new database; give the URL to open it again. */
  open(url?: string): Promise<Store>;
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone with the process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'songbai-'));
  folders.push(folder);
  return folder;
}

const log = pino({ level: process.env['SONGBAI_TEST_LOG'] ?? 'silent' });

const sqlite: Dialect = {
  name: 'SQLite',
  describe: (title, tests) => void describe(`${title} on SQLite`, tests),
  newDatabase: () => Promise.resolve(`sqlite:${path.join(temporaryFolder(), 'songbai.sqlite')}`),
  open: async (url) => openStore({ url: url ?? (await sqlite.newDatabase()), nodeId: 'test', log }),
};

/** A missing server is skipped on a developer's machine, and a failure where all must run. */
const mustRun = process.env['CI'] === 'true' || process.env['SONGBAI_TEST_REQUIRE_ALL'] !== undefined || process.getuid?.() === 0;

const maria: Dialect = {
  name: 'MariaDB',
  describe(title, tests) {
    if (mariaDbMissing === null) describe(`${title} on MariaDB`, tests);
    else if (!mustRun) describe.skip(`${title} on MariaDB (${mariaDbMissing})`, tests);
    else {
      describe(`${title} on MariaDB`, () => {
        it('has a server to run on', () => {
          throw new Error(mariaDbMissing ?? '');
        });
      });
    }
  },
  newDatabase: async () => (await mariaDb()).url(),
  open: async (url) => openStore({ url: url ?? (await maria.newDatabase()), nodeId: 'test', log }),
};

/** The databases that every store test runs on. */
export function dialects(): readonly Dialect[] {
  return [sqlite, maria];
}
