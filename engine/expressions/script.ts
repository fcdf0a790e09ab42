import { newQuickJSWASMModule } from 'quickjs-emscripten';
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten';
import { Failure, NotLoaded } from '#engine/core/failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { exposeExecution, prelude } from './script-host.ts';
import type { Thrown } from './script-host.ts';

/**
 * What one script call may cost; the time is processor time. The stack is 32 KB (about 180 calls deep) and not 256 KB, because QuickJS compiled to
 * WebAssembly uses Node's own stack (984 KB) several times faster than the one it counts. Measured: from 48 KB on `eval("(((…")`, from 128 KB on nested
 * JSON and at 256 KB nested lists overflow Node's, which breaks the WebAssembly instance for all scripts; even `node --stack-size=4000` is too little for
 * 256 KB, and more is beyond what operating systems give a thread.
 */
const scriptLimits = { timeMs: 100, memoryBytes: 8 * 1024 * 1024, stackBytes: 32 * 1024, pendingJobs: 1_000 } as const;

let quickJs: QuickJSWASMModule | null = null;
/** Takes over when `quickJs` broke: loading is asynchronous, commands are not. */
let spare: QuickJSWASMModule | null = null;

/** Loads the script engine; to be awaited once at start, about 20 ms. */
export async function loadScripts(): Promise<void> {
  quickJs ??= await newQuickJSWASMModule();
  spare ??= await newQuickJSWASMModule();
}

/**
 * Runs JavaScript in a fresh QuickJS context that knows nothing of the host: variables by name and by `execution`, JSON in and out.
 * @returns the value of the last expression; of a promise, what it is fulfilled with
 * @throws Failure `SCRIPT_FAILED`, or what a host call failed with
 */
export function runScript(source: string, scope: ExpressionScope): unknown {
  return inContext((context, runtime) => {
    runtime.setMemoryLimit(scriptLimits.memoryBytes);
    runtime.setMaxStackSize(scriptLimits.stackBytes);
    const isOverdue = startClock();
    runtime.setInterruptHandler(isOverdue);
    // A failure of ours must come out as it is, not as the script's copy of its message.
    const thrown: Thrown = { failure: null };
    exposeExecution(context, scope, thrown);
    using result = evaluate(context, prelude(scope) + source, thrown);
    drainJobs(runtime, context);
    const value = settledJson(context, result);
    if (isOverdue()) throw scriptFailure('InternalError: interrupted');
    return value;
  });
}

/** Parses a script without running it; null when it is fine, or when `loadScripts` was not awaited (then the run tells). */
export function scriptSyntaxError(source: string): string | null {
  if (!quickJs) return null;
  return inContext((context) => {
    const result = context.evalCode(source, 'script.js', { compileOnly: true });
    if (result.error) return dumpError(context, result.error);
    result.value.dispose();
    return null;
  });
}

/**
 * Counts this thread's processor time, so that a script is not cut short because the machine is busy with others.
 * QuickJS asks every 10,000 operations; where each of them is long, it is overdue as soon as the next question would come too late.
 */
function startClock(): () => boolean {
  const start = process.threadCpuUsage();
  let before = 0;
  let isOverdue = false;
  return () => {
    const { user, system } = process.threadCpuUsage(start);
    const spent = user + system;
    const step = spent - before;
    before = spent;
    isOverdue ||= spent + step > scriptLimits.timeMs * 1_000;
    return isOverdue;
  };
}

function inContext<T>(work: (context: QuickJSContext, runtime: QuickJSRuntime) => T): T {
  if (!quickJs) throw scriptFailure('the script engine is not loaded');
  try {
    using runtime = quickJs.newRuntime();
    using context = runtime.newContext();
    return work(context, runtime);
  } catch (cause) {
    if (cause instanceof Failure || cause instanceof NotLoaded) throw cause;
    // An aborted WebAssembly instance stays broken.
    quickJs = spare;
    spare = null;
    void loadScripts();
    throw scriptFailure('the script engine gave up', cause);
  }
}

const scriptFailure = (reason: string, cause?: unknown) =>
  new Failure('SCRIPT_FAILED', `Expected the script to end within its limits and without an error, but: ${reason}`, null, { cause });

function evaluate(context: QuickJSContext, source: string, thrown: Thrown): QuickJSHandle {
  const result = context.evalCode(source, 'script.js');
  if (!result.error) return result.value;
  const reason = dumpError(context, result.error);
  throw thrown.failure instanceof Failure || thrown.failure instanceof NotLoaded ? thrown.failure : scriptFailure(reason);
}

function settledJson(context: QuickJSContext, value: QuickJSHandle): unknown {
  const state = context.getPromiseState(value);
  if (state.type === 'fulfilled') {
    if (state.notAPromise) return toJson(context, value);
    using settled = state.value;
    return toJson(context, settled);
  }
  if (state.type === 'rejected') throw scriptFailure(dumpError(context, state.error));
  throw scriptFailure('its promise is not fulfilled');
}

function toJson(context: QuickJSContext, value: QuickJSHandle): unknown {
  if (context.typeof(value) === 'undefined') return null;
  context.setProp(context.global, '__result', value);
  const text = context.evalCode('JSON.stringify(__result)');
  if (text.error) throw scriptFailure(`its result is no JSON (${dumpError(context, text.error)})`);
  using json = text.value;
  return context.typeof(json) === 'string' ? JSON.parse(context.getString(json)) : null;
}

/** A promise chain without end would outlive the interrupt if its jobs ran unlimited. */
function drainJobs(runtime: QuickJSRuntime, context: QuickJSContext): void {
  const jobs = runtime.executePendingJobs(scriptLimits.pendingJobs);
  if (jobs.error) throw scriptFailure(dumpError(context, jobs.error));
  if (runtime.hasPendingJob()) throw scriptFailure(`it has more than ${scriptLimits.pendingJobs} promise jobs`);
}

function dumpError(context: QuickJSContext, error: QuickJSHandle): string {
  return errorText(error.consume((handle): unknown => context.dump(handle)));
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error).slice(0, 500);
  const { name, message } = error as { name?: string; message?: string };
  return `${name ?? 'Error'}: ${message ?? ''}`.slice(0, 500);
}
