import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';
import { Failure } from '#engine/core/failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { plainValue, resultValue } from './plain-value.ts';
import { slaDuration } from './sla.ts';

/** The last error of a host call. */
export interface Thrown {
  failure: unknown;
}

/** Gives a context the host functions that `prelude` wraps. */
export function exposeExecution(context: QuickJSContext, scope: ExpressionScope, thrown: Thrown): void {
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
export function prelude({ context }: ExpressionScope): string {
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
