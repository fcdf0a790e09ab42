import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Logger } from '#engine/log.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 9000;
const RESTART_AFTER_MS = [500, 1000, 2000, 5000, 10_000, 30_000];
/** A run shorter than this counts as a crash. */
const STABLE_MS = 30_000;
/** After so many crashes in a row the flows are loaded but not started, so that they can be repaired in the editor. */
const CRASHES_TO_SAFE_MODE = 4;
const POLL_MS = 7500;
const POLL_TIMEOUT_MS = 5000;
const MISSED_POLLS = 3;
const HEAP_MB = 512;
/** Node-RED's log levels: 20 and below are errors, 30 warnings, 98 the audit of the editor. */
const AUDIT = 98;

export interface NodeRedOptions {
  dataDir: string;
  /** Loopback address of this engine, e.g. `http://127.0.0.1:8080`. */
  engineUrl: string;
  /** Bearer token of the API client `node-red`, scope `device-events`. */
  token: string;
  log: Logger;
  /** The process with this worker id is gone: give its leased events back. */
  onEnded?(workerId: string): void;
  /** The flows run, or in safe mode the editor is open; called after every start. */
  onReady?(): void;
  /** Default: this process's Node. */
  nodePath?: string;
  /** Pauses before the next start, by crashes in a row. */
  restartAfterMs?: readonly number[];
}

export interface NodeRed {
  /** Resolves when the flows run, or when the first start has failed and goes on in the background. */
  start(): Promise<void>;
  /** Where the editor listens on loopback; null while it is down. */
  port(): number | null;
  /** Process id, for tests that kill it. */
  pid(): number | null;
  isSafeMode(): boolean;
  /** At most 10 s. */
  stop(): Promise<void>;
}

/**
 * Runs Node-RED as a child process under Node's permission model: it reads `node_modules`, `node-red-flows` and its own
 * folder, writes only the latter, starts no processes and gets no environment. Whatever it does, the engine goes on.
 */
export function createNodeRed({ dataDir, engineUrl, token, log, onEnded, onReady, nodePath = process.execPath, restartAfterMs = RESTART_AFTER_MS }: NodeRedOptions): NodeRed {
  const userDir = join(resolve(dataDir), 'node-red');
  let child: ChildProcess | null = null;
  let port: number | null = null;
  let crashes = 0;
  let isStopping = false;
  let restart: NodeJS.Timeout | null = null;
  let firstRun = Promise.withResolvers<void>();

  async function run(): Promise<void> {
    await mkdir(userDir, { recursive: true, mode: 0o700 });
    const credentialSecret = await secretOf(join(resolve(dataDir), 'node-red.secret'));
    if (isStopping) return;
    const startedAt = performance.now();
    const workerId = `node-red:${randomBytes(6).toString('hex')}`;
    const started = spawn(nodePath, [...permissions(userDir), join(PROJECT, 'node-red-flows', 'runtime.mjs')], {
      cwd: userDir,
      env: { HOME: userDir, LANG: process.env['LANG'] ?? 'C.UTF-8' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child = started;
    const tooSlow = setTimeout(() => started.kill('SIGKILL'), READY_WITHIN_MS);
    let watch: NodeJS.Timeout | null = null;
    createInterface({ input: started.stdout }).on('line', (line) => {
      const said = parseLine(line);
      if (said.ready !== undefined) {
        clearTimeout(tooSlow);
        port = said.ready;
        watch = watchOver(started, said.ready, log);
        log.info({ port, safeMode: isSafeMode() }, 'flow runtime is ready');
        firstRun.resolve();
        onReady?.();
      } else writeLog(log, said);
    });
    createInterface({ input: started.stderr }).on('line', (line) => log.warn({ flow: line.slice(0, 2000) }, 'flow runtime'));
    started.stdin.on('error', () => undefined);
    started.stdin.write(`${JSON.stringify({ userDir, engineUrl, token, credentialSecret, workerId, safeMode: isSafeMode() })}\n`);
    started.on('error', (error) => log.error({ err: error }, 'the flow runtime could not be started'));
    started.on('close', (code, signal) => {
      clearTimeout(tooSlow);
      if (watch) clearInterval(watch);
      onEnded?.(workerId);
      if (child !== started) return;
      child = null;
      port = null;
      if (!isStopping) ended(performance.now() - startedAt, code, signal);
      firstRun.resolve();
    });
  }

  const isSafeMode = (): boolean => crashes >= CRASHES_TO_SAFE_MODE;

  function ended(ranMs: number, code: number | null, signal: string | null): void {
    crashes = ranMs < STABLE_MS ? crashes + 1 : 0;
    const afterMs = restartAfterMs[Math.min(crashes, restartAfterMs.length - 1)]!;
    log.error({ code, signal, crashes, afterMs, safeMode: isSafeMode() }, 'the flow runtime ended; starting it again');
    restart = setTimeout(launch, afterMs);
  }

  function launch(): void {
    run().catch((error: unknown) => {
      log.error({ err: error }, 'the flow runtime could not be started; trying again');
      if (!isStopping) restart = setTimeout(launch, restartAfterMs.at(-1));
      firstRun.resolve();
    });
  }

  return {
    port: () => port,
    pid: () => child?.pid ?? null,
    isSafeMode,
    start() {
      firstRun = Promise.withResolvers<void>();
      launch();
      return firstRun.promise;
    },
    async stop() {
      isStopping = true;
      if (restart) clearTimeout(restart);
      const running = child;
      if (!running) return;
      const closed = new Promise((done) => running.once('close', done));
      running.stdin?.end();
      const tooSlow = setTimeout(() => running.kill('SIGKILL'), STOP_WITHIN_MS);
      await closed;
      clearTimeout(tooSlow);
    },
  };
}

/** @see Node's permission model; native addons, child processes, workers and WASI stay forbidden. */
function permissions(userDir: string): string[] {
  const readable = [join(PROJECT, 'node_modules'), join(PROJECT, 'node-red-flows'), join(PROJECT, 'package.json'), userDir];
  return ['--permission', ...readable.map((path) => `--allow-fs-read=${path}`), `--allow-fs-write=${userDir}`, `--max-old-space-size=${HEAP_MB}`, '--disable-warning=SecurityWarning'];
}

/** Encrypts the flows' credentials; losing it loses them. Outside the folder that the child may read. */
async function secretOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const secret = randomBytes(32).toString('base64url');
    await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
    return secret;
  }
}

/** A process that lives but does not answer is killed, and starts again. */
function watchOver(child: ChildProcess, port: number, log: Logger): NodeJS.Timeout {
  let missed = 0;
  return setInterval(() => {
    fetch(`http://127.0.0.1:${port}/node-red/auth/login`, { signal: AbortSignal.timeout(POLL_TIMEOUT_MS) }).then(
      (answer) => {
        missed = 0;
        return answer.body?.cancel();
      },
      () => {
        if (++missed < MISSED_POLLS || child.exitCode !== null) return;
        log.error({ missed }, 'the flow runtime does not answer; it is killed');
        child.kill('SIGKILL');
      },
    );
  }, POLL_MS).unref();
}

interface Said {
  ready?: number;
  log?: { level: number; text: string; type?: string; id?: string; event?: string; user?: string; path?: string };
}

function parseLine(line: string): Said {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return { log: { level: 40, text: line } };
  }
}

function writeLog(log: Logger, said: Said): void {
  if (!said.log) return;
  const { level, text, ...rest } = said.log;
  const entry = { ...rest, flow: String(text).slice(0, 2000) };
  if (level === AUDIT) log.info(entry, 'flow editor');
  else if (level <= 20) log.error(entry, 'flow runtime');
  else if (level <= 30 && !String(text).includes('fsync')) log.warn(entry, 'flow runtime');
  else log.debug(entry, 'flow runtime');
}
