import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten';
import { Failure } from '#engine/core/failure.ts';
import { typed } from '#engine/core/values.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { taskMethods, taskProperties } from './juel-tasks.ts';
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
    write: (name, value) => mayWrite(scope, 'setVariable')(String(name), typed(value)),
    writeLocal: (name, value) => mayWrite(scope, 'setVariableLocal')(String(name), typed(value)),
    remove: (name) => mayWrite(scope, 'removeVariable')(String(name)),
    task: (name, ...args) => callTask(scope, String(name), args),
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

function mayWrite<K extends 'setVariable' | 'setVariableLocal' | 'removeVariable'>(
  { context }: ExpressionScope,
  method: K,
): NonNullable<ExpressionScope['context']['execution'][K]> {
  const call = context.execution[method];
  if (!call) throw new Failure('SCRIPT_FAILED', `Expected a script that only reads, but it calls ${method} here`);
  return call;
}

/** A property or a setter of the task: the same that JUEL has. */
function callTask(scope: ExpressionScope, name: string, args: unknown[]): unknown {
  const read = Object.hasOwn(taskProperties, name) ? taskProperties[name] : undefined;
  if (read) return resultValue(read(scope));
  const call = Object.hasOwn(taskMethods, name) ? taskMethods[name] : undefined;
  if (!call) throw new Failure('SCRIPT_FAILED', `Expected a member of task, but "${name}" is none`);
  return call(scope, ...args);
}

function readVariable({ context }: ExpressionScope, name: string): unknown {
  const variable = context.variable(name);
  return variable === undefined ? null : resultValue(plainValue(variable, name));
}

/** Host calls as `execution`, `task`, `now`, `sla`, and each visible variable as a getter; all on one line, so that line numbers stay right. */
export function prelude({ context }: ExpressionScope): string {
  const names = context.variableNames().filter((name) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && !reserved.has(name));
  const { execution, task } = context;
  const view = Object.fromEntries(Object.entries(execution).filter(([, value]) => typeof value !== 'function'));
  return [
    '((r,h,w,l,x,t,n,s)=>{const c=(f,...a)=>JSON.parse(f(JSON.stringify(a)));',
    "const g1=(k)=>'get'+k.charAt(0).toUpperCase()+k.slice(1);",
    `const e=${JSON.stringify({ ...view, businessKey: execution.processBusinessKey })};`,
    'for(const k of Object.keys(e))e[g1(k)]=()=>e[k];',
    'Object.freeze(Object.assign(e,{getVariable:(k)=>c(r,k),hasVariable:(k)=>c(h,k),setVariable:(k,v)=>{c(w,k,v===undefined?null:v)},',
    'setVariableLocal:(k,v)=>{c(l,k,v===undefined?null:v)},removeVariable:(k)=>{c(x,k)}}));',
    // On the global's prototype, so that a script may declare a variable of the same name.
    'const g=Object.create(Object.prototype);Object.setPrototypeOf(globalThis,g);const own=new Map();',
    'const d=(k,v)=>Object.defineProperty(g,k,{configurable:true,...v});',
    `for(const k of ${JSON.stringify(names)})d(k,{get:()=>own.has(k)?own.get(k):c(r,k),set:(v)=>{own.set(k,v)}});`,
    task ? taskPrelude : '',
    "d('execution',{value:e});d('now',{value:()=>new Date(c(n))});d('sla',{value:(...a)=>c(s,...a)});",
    "for(const k of ['__read','__has','__write','__writeLocal','__remove','__task','__now','__sla'])delete globalThis[k];",
    '})(__read,__has,__write,__writeLocal,__remove,__task,__now,__sla);',
  ].join('');
}

const taskPrelude = [
  'const k1=Object.create(Object.prototype);',
  `for(const k of ${JSON.stringify(Object.keys(taskProperties))}){Object.defineProperty(k1,k,{get:()=>c(t,k)});k1[g1(k)]=()=>c(t,k)}`,
  `for(const k of ${JSON.stringify(Object.keys(taskMethods))})k1[k]=(...a)=>{c(t,k,...a)};`,
  "for(const k of ['getVariable','hasVariable','setVariable','setVariableLocal','removeVariable'])k1[k]=e[k];k1.execution=e;",
  "d('task',{value:Object.freeze(k1)});",
].join('');

/** Globals that a variable of the same name would break. */
const reserved = new Set([
  'execution',
  'task',
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
