import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import mysql from 'mysql2/promise';

export interface MariaDb {
  port: number;
  /** Of a new, empty database. */
  url(): string;
  stop(): Promise<void>;
}

const SERVER = ['/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd', '/usr/libexec/mariadbd'].find((file) => existsSync(file));
const INSTALL_HINT = 'mariadbd is not installed: apt-get install -y mariadb-server';

/** Durability costs time and proves nothing in a test: the server's own crash safety is not what is tested. */
const FAST = ['--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M'];
const DURABLE = ['--innodb-flush-log-at-trx-commit=1', '--innodb-flush-method=O_DIRECT', '--innodb-buffer-pool-size=2G', '--innodb-log-file-size=512M'];

/** Why there is no MariaDB to test with; null when there is one. */
export const mariaDbMissing: string | null = SERVER === undefined ? INSTALL_HINT : null;

let started: Promise<MariaDb> | undefined;

/** The private server of this mocha process, started by the first test that wants it and stopped with the process. */
export function mariaDb(): Promise<MariaDb> {
  started ??= startMariaDb();
  return started;
}

/** `isDurable`: on disk, flushed at each COMMIT, as in production; for measuring. */
export async function startMariaDb({ isDurable = false } = {}): Promise<MariaDb> {
  if (SERVER === undefined) throw new Error(INSTALL_HINT);
  const folder = mkdtempSync(path.join(isDurable ? os.tmpdir() : temporaryFolder(), 'songbai-mariadb-'));
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? ['--user=mysql'] : [];
  if (isRoot) chownSync(folder, Number(execFileSync('id', ['-u', 'mysql'])), Number(execFileSync('id', ['-g', 'mysql'])));
  const data = path.join(folder, 'data');
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', ...user, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'pipe' },
  );
  const port = await freePort();
  const socket = path.join(folder, 's.sock');
  const speed = isDurable ? DURABLE : FAST;
  const fixed = [
    '--performance-schema=OFF',
    '--skip-log-bin',
    '--skip-name-resolve',
  ];
  const options = [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    // A server that starts deletes the temporary tables that it finds in this folder, whose ever they are.
    `--tmpdir=${folder}`,
    `--socket=${socket}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--pid-file=${folder}/pid`,
    ...speed,
    ...fixed,
  ];
  const server = spawn(SERVER, options, { stdio: 'ignore' });
  const stopNow = () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', stopNow);
  await whenReady(server, socket);
  let databases = 0;
  return {
    port,
    url: () => `mysql://songbai:songbai@127.0.0.1:${port}/songbai_${process.pid}_${++databases}`,
    async stop() {
      process.off('exit', stopNow);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Memory where there is some: the tests write much and keep nothing. */
function temporaryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return os.tmpdir();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port, but the system gave none');
  return address.port;
}

async function whenReady(server: ChildProcess, socketPath: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    if (server.exitCode !== null) throw new Error(`Expected mariadbd to run, but it ended with ${server.exitCode}`);
    try {
      const connection = await mysql.createConnection({ socketPath, user: 'root' });
      await connection.query("CREATE USER 'songbai'@'%' IDENTIFIED BY 'songbai'");
      await connection.query("GRANT ALL ON *.* TO 'songbai'@'%'");
      await connection.end();
      return;
    } catch (error) {
      if (tries === 300) throw error;
      await wait(50);
    }
  }
}
