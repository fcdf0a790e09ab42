import { Worker } from 'node:worker_threads';
import type { DecisionModel } from '#engine/decisions/model.ts';
import type { CompileResult } from './compile-process.ts';
import { deepFreeze } from './deep-freeze.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

export interface CompileRequest {
  kind: 'process' | 'decision';
  xml: string;
  /** Files of the same deployment that a process may import, by name. */
  others?: Record<string, string>;
  /** A process that was deployed by an earlier version of the engine. */
  isStored?: boolean;
  /** DMN files of the same deployment that a decision may import. */
  imports?: readonly string[];
}
export interface DecisionCompileResult {
  models: DecisionModel[];
  problems: Problem[];
}
export type CompileReply = CompileResult | DecisionCompileResult;

/** Compiles in one worker thread that is killed when a file takes too long. */
export interface Compiler {
  compileProcesses(xml: string, others?: Record<string, string>): Promise<CompileResult>;
  /** What runs already is compiled anew after an upgrade: checks that came since then do not stop it. */
  recompileProcesses(xml: string): Promise<CompileResult>;
  compileDecisions(xml: string, imports?: readonly string[]): Promise<DecisionCompileResult>;
  close(): Promise<void>;
}

/** @param options.timeoutMs per file, without the start of the worker; default 2,000 */
export function createCompiler(options: { timeoutMs?: number } = {}): Compiler {
  const timeoutMs = options.timeoutMs ?? 2_000;
  let worker: Promise<Worker> | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  async function compile(request: CompileRequest): Promise<CompileReply> {
    const running = await ready();
    running.ref();
    try {
      return deepFreeze(await ask(running, request, timeoutMs));
    } catch (error) {
      // Killed or crashed: the next file gets a new worker.
      worker = null;
      await running.terminate();
      return { models: [], problems: [failure(error, timeoutMs)] };
    } finally {
      running.unref();
    }
  }
  async function ready(): Promise<Worker> {
    worker ??= startWorker(() => (worker = null));
    try {
      return await worker;
    } catch (error) {
      worker = null;
      throw error;
    }
  }
  /** One file at a time: the time limit is meant for one. */
  function enqueue(request: CompileRequest): Promise<CompileReply> {
    const result = queue.then(() => compile(request));
    queue = result.catch(() => undefined);
    return result;
  }
  return {
    compileProcesses: (xml, others = {}) => enqueue({ kind: 'process', xml, others }) as Promise<CompileResult>,
    recompileProcesses: (xml) => enqueue({ kind: 'process', xml, isStored: true }) as Promise<CompileResult>,
    compileDecisions: (xml, imports = []) => enqueue({ kind: 'decision', xml, imports }) as Promise<DecisionCompileResult>,
    async close() {
      await queue;
      const running = await worker;
      worker = null;
      await running?.terminate();
    },
  };
}

function startWorker(onExit: () => void): Promise<Worker> {
  const worker = new Worker(new URL('./compile-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 256 } });
  worker.once('exit', onExit);
  return new Promise((resolve, reject) => {
    // The listener stays: an idle worker that crashes must not take the server along.
    worker.on('error', reject);
    worker.once('message', () => resolve(worker));
  });
}

class CompileTimeout extends Error {}

function ask(worker: Worker, request: CompileRequest, timeoutMs: number): Promise<CompileReply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(() => reject(new CompileTimeout())), timeoutMs);
    const onMessage = (reply: CompileReply) => done(() => resolve(reply));
    const onError = (error: unknown) => done(() => reject(error instanceof Error ? error : new Error(String(error))));
    function done(settle: () => void): void {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      settle();
    }
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(request);
  });
}

function failure(error: unknown, timeoutMs: number): Problem {
  if (error instanceof CompileTimeout) return problem(null, 'COMPILE_TIMEOUT', { limit: timeoutMs });
  return problem(null, 'XML_MALFORMED', { message: error instanceof Error ? error.message : String(error) });
}
