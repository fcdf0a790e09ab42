import { Failure } from '../failure.ts';
import { findElementInstance, processScope } from '../instance-tree.ts';
import { emit, type Place } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import type { TypedValue, Variables } from '../values.ts';

/** Looks through the scopes from `from` outwards. */
export function lookUpVariable(state: InstanceState, from: ElementInstance, name: string): TypedValue | undefined {
  for (let at: ElementInstance | undefined = from; at; at = enclosing(state, at)) {
    if (at.variables && Object.hasOwn(at.variables, name)) return at.variables[name];
    const count = at.loop && name.startsWith('nrOf') ? loopCounts(at)[name] : undefined;
    if (count) return count;
  }
  return undefined;
}

/** Every variable that is visible from `from`; the nearest of a name wins. */
export function visibleVariables(state: InstanceState, from: ElementInstance): Variables {
  let visible: Variables = { ...from.variables };
  for (let at = enclosing(state, from); at; at = enclosing(state, at)) visible = { ...at.variables, ...loopCounts(at), ...visible };
  return visible;
}

/** Sets the variable in the nearest scope that has it, else in the process scope. */
export function setVariable(place: Place, name: string, value: TypedValue): void {
  const { run, state } = place;
  let at: ElementInstance | undefined = place.instance;
  while (at && !(at.variables && Object.hasOwn(at.variables, name))) at = enclosing(state, at);
  setLocalVariable({ run, state, instance: at ?? processScope(state) }, name, value);
}

export function setVariables(place: Place, variables: Variables): void {
  for (const name of Object.keys(variables)) setVariable(place, name, variables[name] as TypedValue);
}

/** @throws Failure `VARIABLE_NAME_INVALID` */
export function setLocalVariable(place: Place, name: string, value: TypedValue): void {
  if (name === '__proto__' || name === '') throw new Failure('VARIABLE_NAME_INVALID', `Expected a variable name, but it is '${name}'`);
  const { run, state, instance } = place;
  const old = ownVariable(instance, name);
  if (!old) return emit(run, state, { instance: state.id, type: 'VariableSet', scope: instance.id, name, value });
  if (isSamePrimitive(old, value)) return;
  emit(run, state, { instance: state.id, type: 'VariableSet', scope: instance.id, name, value, old });
}

export function setLocalVariables(place: Place, variables: Variables): void {
  for (const name of Object.keys(variables)) setLocalVariable(place, name, variables[name] as TypedValue);
}

export function removeLocalVariable({ run, state, instance }: Place, name: string): void {
  const old = ownVariable(instance, name);
  if (old) emit(run, state, { instance: state.id, type: 'VariableRemoved', scope: instance.id, name, old });
}

export function ownVariable({ variables }: ElementInstance, name: string): TypedValue | undefined {
  return variables && Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function enclosing(state: InstanceState, instance: ElementInstance): ElementInstance | undefined {
  if (instance.scope === 0) return undefined;
  return instance.scope === state.id ? processScope(state) : findElementInstance(state, instance.scope);
}

/** A form sends all its fields again; those that did not change are no events. */
function isSamePrimitive(a: TypedValue, b: TypedValue): boolean {
  return a.value === b.value && a.type === b.type && typeof a.value !== 'object' && !a.info && !b.info;
}

/** Camunda's loop variables are counters of the multi-instance body, computed instead of stored per item. */
function loopCounts({ loop }: ElementInstance): Variables {
  if (!loop) return {};
  return {
    nrOfInstances: { type: 'Integer', value: loop.total },
    nrOfCompletedInstances: { type: 'Integer', value: loop.completed },
    nrOfActiveInstances: { type: 'Integer', value: loop.active },
  };
}
