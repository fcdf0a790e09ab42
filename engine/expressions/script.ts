import { getQuickJS } from 'quickjs-emscripten';
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten';
import { Failure } from '#engine/core/failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { slaDuration } from './sla.ts';
import { plainValue, resultValue } from './plain-value.ts';

/** What one script call may cost. */
export const scriptLimits = { timeMs: 100, memoryBytes: 8 * 1024 * 1024, stackBytes: 256 * 1024, pendingJobs: 1_000 } as const;

let quickJs: QuickJSWASMModule | null = null;

/** Loads the script engine; to be awaited once at start, about 20 ms. */
export async function loadScripts(): Promise<void> {
  quickJs ??= await getQuickJS();
}

/**
 * Runs JavaScript in a fresh QuickJS context that knows nothing of the host: variables by name and by `execution`, JSON in and out.
 * @returns the value of the last expression
 * @throws Failure `SCRIPT_FAILED`, `UNKNOWN_VARIABLE`
 */
export function runScript(source: string, scope: ExpressionScope): unknown {
  if (!quickJs) throw new Failure('SCRIPT_FAILED', 'Expected the script engine to be loaded at start, but it is not');
  const runtime = quickJs.newRuntime();
  runtime.setMemoryLimit(scriptLimits.memoryBytes);
  runtime.setMaxStackSize(scriptLimits.stackBytes);
  const deadline = performance.now() + scriptLimits.timeMs;
  runtime.setInterruptHandler(() => performance.now() > deadline);
  const context = runtime.newContext();
  // A failure of ours must come out as it is, not as the script's copy of its message.
  const thrown: { failure: unknown } = { failure: null };
  try {
    exposeExecution(context, scope, thrown);
    const result = evaluate(context, prelude(scope) + source, thrown);
    drainJobs(runtime, context);
    return resultValue(result);
  } finally {
    context.dispose();
    runtime.dispose();
  }
}

/** Parses a script without running it; null when it is fine, or when `loadScripts` was not awaited (then the run tells). */
export function scriptSyntaxError(source: string): string | null {
  if (!quickJs) return null;
  const context = quickJs.newContext();
  try {
    const result = context.evalCode(source, 'script.js', { compileOnly: true });
    if (!result.error) {
      result.value.dispose();
      return null;
    }
    return errorText(result.error.consume((error): unknown => context.dump(error)));
  } finally {
    context.dispose();
  }
}

function evaluate(context: QuickJSContext, source: string, thrown: { failure: unknown }): unknown {
  const result = context.evalCode(source, 'script.js');
  if (result.error) {
    const error: unknown = context.dump(result.error);
    result.error.dispose();
    if (thrown.failure instanceof Failure) throw thrown.failure;
    throw new Failure('SCRIPT_FAILED', `Expected the script to end within its limits and without an error, but: ${errorText(error)}`);
  }
  return result.value.consume((value) => toJson(context, value));
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error).slice(0, 500);
  const { name, message } = error as { name?: string; message?: string };
  return `${name ?? 'Error'}: ${message ?? ''}`.slice(0, 500);
}

function toJson(context: QuickJSContext, value: QuickJSHandle): unknown {
  if (context.typeof(value) === 'undefined') return null;
  context.setProp(context.global, '__result', value);
  const text = context.evalCode('JSON.stringify(__result)');
  if (text.error) {
    text.error.dispose();
    throw new Failure('SCRIPT_FAILED', 'Expected the script to result in JSON, but its result cannot be written as JSON');
  }
  const json: unknown = text.value.consume((handle) => context.dump(handle));
  return typeof json === 'string' ? JSON.parse(json) : null;
}

/** A promise chain without end would outlive the interrupt if its jobs ran unlimited. */
function drainJobs(runtime: ReturnType<QuickJSWASMModule['newRuntime']>, context: QuickJSContext): void {
  const jobs = runtime.executePendingJobs(scriptLimits.pendingJobs);
  if (jobs.error) {
    const error: unknown = context.dump(jobs.error);
    jobs.error.dispose();
    throw new Failure('SCRIPT_FAILED', `Expected the script's promises to end within its limits, but: ${errorText(error)}`);
  }
}

function exposeExecution(context: QuickJSContext, scope: ExpressionScope, thrown: { failure: unknown }): void {
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
