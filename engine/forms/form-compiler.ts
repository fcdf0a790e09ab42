import { Worker } from 'node:worker_threads';
import type { FormDefinition } from '#forms/runtime/form.ts';
import { MAX_FORM_LENGTH } from './check-form.ts';
import type { SupportUrls } from './generate-validator.ts';
import type { Inspection } from './inspect-form.ts';
import { problem } from './problem.ts';

/** Inspects forms one after the other in a worker thread; a form that takes too long costs the worker, nobody else. */
export interface FormCompiler {
  inspect(form: FormDefinition, urls: SupportUrls): Promise<Inspection>;
  close(): Promise<void>;
}

const MEMORY_MB = 192;

/** @param timeLimitMs per form, counted from when the worker is ready; default 2000 */
export function createFormCompiler({ timeLimitMs = 2000 }: { timeLimitMs?: number } = {}): FormCompiler {
  let worker: Promise<Worker> | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  async function run(form: FormDefinition, urls: SupportUrls): Promise<Inspection> {
    worker ??= startWorker();
    const current = await worker;
    current.ref();
    try {
      return await answer(current, { form, urls }, timeLimitMs);
    } catch {
      worker = null;
      await current.terminate();
      return tooSlow(timeLimitMs);
    } finally {
      current.unref();
    }
  }

  return {
    inspect(form, urls) {
      const length = JSON.stringify(form)?.length ?? 0;
      if (length > MAX_FORM_LENGTH) return Promise.resolve(tooLong());
      const result = queue.then(() => run(form, urls));
      queue = result.catch(() => undefined);
      return result;
    },
    async close() {
      await queue;
      await (await worker)?.terminate();
      worker = null;
    },
  };
}

function startWorker(): Promise<Worker> {
  const worker = new Worker(new URL('./inspect-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, stackSizeMb: 4 },
    env: {},
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      resolve(worker);
    });
  });
}

/** Rejects when the time is over, or the worker breaks (memory, stack). */
function answer(worker: Worker, request: { form: FormDefinition; urls: SupportUrls }, timeLimitMs: number): Promise<Inspection> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new Error(`Expected an answer within ${timeLimitMs} ms, but none came`))),
      timeLimitMs,
    );
    const handleMessage = (inspection: Inspection): void => settle(() => resolve(inspection));
    const handleError = (error: Error): void => settle(() => reject(error));
    function settle(finish: () => void): void {
      clearTimeout(timer);
      worker.off('message', handleMessage);
      worker.off('error', handleError);
      finish();
    }
    worker.on('message', handleMessage);
    worker.on('error', handleError);
    worker.postMessage(request);
  });
}

const tooSlow = (limitMs: number): Inspection => ({
  problems: [
    problem(null, 'FORM_TOO_SLOW', `表单在 ${limitMs} 毫秒内无法编译`, `Expected the form to compile within ${limitMs} ms, but it did not`),
  ],
  code: null,
});

const tooLong = (): Inspection => ({
  problems: [problem(null, 'FORM_SCHEMA_LIMIT', '表单文件超过 512 KB', 'Expected at most 512 KB of form, but it is larger')],
  code: null,
});
