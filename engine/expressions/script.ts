import { newQuickJSWASMModule } from 'quickjs-emscripten';
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten';
import { Failure, NotLoaded } from '#engine/core/failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { slaDuration } from './sla.ts';
import { plainValue, resultValue } from './plain-value.ts';

/**
 * What one script call may cost; the time is processor time. The stack is small because each of its bytes costs several of Node's own stack: from 48 KB on,
 * `eval("(((…")` and deeply nested JSON overflowed Node's and left the instance broken (measured; 40 KB did not).
 */
export const scriptLimits = { timeMs: 100, memoryBytes: 8 * 1024 * 1024, stackBytes: 32 * 1024, pendingJobs: 1_000 } as const;

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

interface Thrown {
  failure: unknown;
}

/** Counts this thread's processor time, so that a script is not cut short because the machine is busy with others. */
function startClock(): () => boolean {
  const start = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(start);
    return user + system > scriptLimits.timeMs * 1_000;
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

function exposeExecution(context: QuickJSContext, scope: ExpressionScope, thrown: Thrown): void {
  const hosts: Record<string, (...args: unknown[]) => unknown> = {
    read: (name) => readVariable(scope, String(name)),
    has: (name) => scope.context.variable(String(name)) !== undefined,
    write: (name, value) => {
      const { execution } = scope.context;
      if (!execution.setVariable) throw new Failure('SCRIPT_FAILED', 'Expected a script that only reads, but it sets a variable here');
      execution.setVariable(String(name), value ?? null);
      return null;
    },
    now: () => scope.environment.now(),
    sla: (...args) => slaDuration(scope, args.map(String)),
  };
  for (const [name, host] of Object.entries(hosts)) {
    // Arguments and results cross the border as JSON text, never as references.
    const call = context.newFunction(`__${name}`, (args) => {
      try {
        const values: unknown = JSON.parse(context.getString(args as QuickJSHandle));
        return context.newString(JSON.stringify(host(...(values as unknown[])) ?? null));
      } catch (error) {
        thrown.failure = error;
        throw error;
      }
    });
    context.setProp(context.global, `__${name}`, call);
    call.dispose();
  }
}

function readVariable({ context }: ExpressionScope, name: string): unknown {
  const variable = context.variable(name);
  return variable === undefined ? null : resultValue(plainValue(variable, name));
}

/** Host calls as `execution`, `now`, `sla`, and each visible variable as a getter; all on one line, so that line numbers stay right. */
function prelude({ context }: ExpressionScope): string {
  const names = context.variableNames().filter((name) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && !reserved.has(name));
  const view = Object.fromEntries(Object.entries(context.execution).filter(([, value]) => typeof value !== 'function'));
  return [
    '((r,h,w,n,s)=>{const c=(f,...a)=>JSON.parse(f(JSON.stringify(a)));',
    `const e=Object.freeze(Object.assign(${JSON.stringify({ ...view, businessKey: context.execution.processBusinessKey })},`,
    '{getVariable:(k)=>c(r,k),hasVariable:(k)=>c(h,k),setVariable:(k,v)=>{c(w,k,v===undefined?null:v)},',
    'getId:()=>e.id,getProcessInstanceId:()=>e.processInstanceId,getProcessBusinessKey:()=>e.processBusinessKey,getBusinessKey:()=>e.processBusinessKey,',
    'getCurrentActivityId:()=>e.currentActivityId,getTenantId:()=>e.tenantId}));',
    // On the global's prototype, so that a script may declare a variable of the same name.
    'const g=Object.create(Object.prototype);Object.setPrototypeOf(globalThis,g);const own=new Map();',
    'const d=(k,v)=>Object.defineProperty(g,k,{configurable:true,...v});',
    `for(const k of ${JSON.stringify(names)})d(k,{get:()=>own.has(k)?own.get(k):c(r,k),set:(v)=>{own.set(k,v)}});`,
    "d('execution',{value:e});d('now',{value:()=>new Date(c(n))});d('sla',{value:(...a)=>c(s,...a)});",
    "for(const k of ['__read','__has','__write','__now','__sla'])delete globalThis[k];",
    '})(__read,__has,__write,__now,__sla);',
  ].join('');
}

/** Globals that a variable of the same name would break. */
const reserved = new Set([
  'execution',
  'now',
  'sla',
  'globalThis',
  'undefined',
  'NaN',
  'Infinity',
  'Object',
  'Array',
  'JSON',
  'Promise',
  'Symbol',
  'Date',
  'Math',
  'String',
  'Number',
  'Boolean',
]);
