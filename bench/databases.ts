import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openStore } from '#engine/store/open-store.ts';
import { mariaDbMissing, startMariaDb } from '#test/support/mariadb.ts';
import { aTestEngine, type TestEngine } from '#test/support/test-engine.ts';

/** A database as in production: on disk, every COMMIT flushed. */
export interface BenchDatabase {
  name: 'SQLite' | 'MariaDB';
  /** URL of a new, empty database. */
  url(): string;
  /** An engine without HTTP on that database. */
  engine(url: string): Promise<TestEngine>;
  stop(): Promise<void>;
}

/** On the disk that is to be measured: `BENCH_DIR`, else the system's folder for temporary files. */
export function benchFolder(name: string): string {
  return mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), `songbai-${name}-`));
}

const log = pino({ level: process.env['SONGBAI_LOG_LEVEL'] ?? 'error' });
const engine = (url: string) => aTestEngine({ open: () => openStore({ url, nodeId: 'bench', log }) });

/** Runs the bench on one database after the other; `DB=sqlite` or `DB=mariadb` takes only that one. */
export async function onEachDatabase(bench: (database: BenchDatabase) => Promise<void>): Promise<void> {
  requireFrozenFloors();
  const wanted = process.env['DB']?.toLowerCase() ?? '';
  for (const open of [openSqlite, openMariaDb]) {
    if (wanted !== '' && open !== { sqlite: openSqlite, mariadb: openMariaDb }[wanted]) continue;
    const database = await open();
    if (!database) continue;
    try {
      await bench(database);
    } finally {
      await database.stop();
    }
  }
}

async function openSqlite(): Promise<BenchDatabase> {
  const folder = benchFolder('bench');
  let files = 0;
  return {
    name: 'SQLite',
    url: () => `sqlite:${join(folder, `${++files}.sqlite`)}`,
    engine,
    async stop() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openMariaDb(): Promise<BenchDatabase | null> {
  if (mariaDbMissing !== null) {
    process.stdout.write(`MariaDB left out: ${mariaDbMissing}\n`);
    return null;
  }
  const server = await startMariaDb({ isDurable: true });
  return { name: 'MariaDB', url: server.url, engine, stop: server.stop };
}

/** A floor that changes is another floor: figures of before would mean something else. */
function requireFrozenFloors(): void {
  const floors = new URL('./floors/', import.meta.url);
  for (const line of readFileSync(new URL('SHA256SUMS', floors), 'utf8').trim().split('\n')) {
    const [sum, name = ''] = line.split(/\s+/);
    const actual = createHash('sha256')
      .update(readFileSync(new URL(name, floors)))
      .digest('hex');
    if (actual !== sum) throw new Error(`Expected the floor ${name} to be frozen, but it has changed: give it a new name`);
  }
}
