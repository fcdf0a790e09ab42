import { Failure } from '../failure.ts';
import { elementInstance, findElementInstance, processScope } from '../instance-tree.ts';
import type { VariableChange } from '../model.ts';
import { emit, type Place, type Run } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import type { TypedValue, Variables } from '../values.ts';
import { conditionsThatSee } from './conditions-that-see.ts';
import { requireStorable } from './value-size.ts';

/** Looks through the scopes from the place outwards; a transient variable hides a stored one of its scope. */
export function lookUpVariable({ run, state, instance }: Place, name: string): TypedValue | undefined {
  for (let at: ElementInstance | undefined = instance; at; at = enclosing(state, at)) {
    const transient = run.transients && transientVariable(run, at.id, name);
    if (transient) return transient;
    if (at.variables && Object.hasOwn(at.variables, name)) return at.variables[name];
    const count = at.loop && (name.startsWith('nrOf') || name === 'loopCounter') ? loopCounts(at)[name] : undefined;
    if (count) return count;
  }
  return undefined;
}

/** Every variable that is visible from the place; the nearest of a name wins. */
export function visibleVariables({ run, state, instance }: Place): Variables {
  let visible: Variables = { ...instance.variables, ...run.transients?.get(instance.id) };
  for (let at = enclosing(state, instance); at; at = enclosing(state, at))
    visible = { ...at.variables, ...loopCounts(at), ...run.transients?.get(at.id), ...visible };
  return visible;
}

/** Sets the variable in the nearest scope that has it, else in the process scope. */
export function setVariable(place: Place, name: string, value: TypedValue): void {
  const { run, state } = place;
  setLocalVariable({ run, state, instance: holderOf(place, name) ?? processScope(state) }, name, value);
}

/** Removes the variable from the nearest scope that has it. */
export function removeVariable(place: Place, name: string): void {
  const instance = holderOf(place, name);
  if (!instance) return;
  if (transientVariable(place.run, instance.id, name)) dropTransient(place.run, instance.id, name);
  else removeLocalVariable({ ...place, instance }, name);
}

function holderOf({ run, state, instance }: Place, name: string): ElementInstance | undefined {
  let at: ElementInstance | undefined = instance;
  while (at && !ownVariable(at, name) && !transientVariable(run, at.id, name)) at = enclosing(state, at);
  return at;
}

export function setVariables(place: Place, variables: Variables): void {
  for (const name of Object.keys(variables)) setVariable(place, name, variables[name] as TypedValue);
}

/** Characters of a variable's name. */
const MOST_NAME = 190;

/** @throws Failure `VARIABLE_NAME_INVALID`, `VARIABLE_TOO_LARGE`, `VARIABLE_TOO_DEEP` */
export function setLocalVariable(place: Place, name: string, value: TypedValue): void {
  if (name === '__proto__' || name === '' || name.length > MOST_NAME) {
    throw new Failure(
      'VARIABLE_NAME_INVALID',
      `Expected a variable name of 1 to ${MOST_NAME} characters, but it is '${name.slice(0, 60)}'`,
    );
  }
  requireStorable(name, value);
  const { run, state, instance } = place;
  if (value.transient) {
    const known = transientVariable(run, instance.id, name) ?? ownVariable(instance, name);
    keepTransient(run, instance.id, name, value);
    return noteChange(place, name, known ? 'update' : 'create');
  }
  dropTransient(run, instance.id, name);
  const old = ownVariable(instance, name);
  if (!old) emit(run, state, { instance: state.id, type: 'VariableSet', scope: instance.id, name, value });
  else if (!isSamePrimitive(old, value))
    emit(run, state, { instance: state.id, type: 'VariableSet', scope: instance.id, name, value, old });
  noteChange(place, name, old ? 'update' : 'create');
}

export function setLocalVariables(place: Place, variables: Variables): void {
  for (const name of Object.keys(variables)) setLocalVariable(place, name, variables[name] as TypedValue);
}

export function removeLocalVariable(place: Place, name: string): void {
  const { run, state, instance } = place;
  const old = ownVariable(instance, name);
  if (!old) return;
  emit(run, state, { instance: state.id, type: 'VariableRemoved', scope: instance.id, name, old });
  noteChange(place, name, 'delete');
}

/** Conditional events are looked at before the next step, each with the variables it sees now. A value that is set again is a change, too. */
function noteChange(place: Place, name: string, change: VariableChange): void {
  const { run, state } = place;
  for (const { id, owner } of conditionsThatSee(place, name, change))
    run.conditions.push({ state, subscription: id, variables: visibleVariables({ run, state, instance: elementInstance(state, owner) }) });
}

export function ownVariable({ variables }: ElementInstance, name: string): TypedValue | undefined {
  return variables && Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function transientVariable({ transients }: Run, scope: number, name: string): TypedValue | undefined {
  const variables = transients?.get(scope);
  return variables && Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function keepTransient(run: Run, scope: number, name: string, value: TypedValue): void {
  run.transients ??= new Map();
  run.transients.set(scope, { ...run.transients.get(scope), [name]: value });
}

function dropTransient({ transients }: Run, scope: number, name: string): void {
  const variables = transients?.get(scope);
  if (variables) delete variables[name];
}

function enclosing(state: InstanceState, instance: ElementInstance): ElementInstance | undefined {
  if (instance.scope === 0) return undefined;
  return instance.scope === state.id ? processScope(state) : findElementInstance(state, instance.scope);
}

/** A form sends all its fields again; those that did not change are no events. */
function isSamePrimitive(a: TypedValue, b: TypedValue): boolean {
  return a.value === b.value && a.type === b.type && typeof a.value !== 'object' && !a.info && !b.info;
}

/** Camunda's loop variables are counters of the multi-instance body, computed instead of stored per item; a standard loop has its own. */
function loopCounts({ loop }: ElementInstance): Variables {
  if (!loop) return {};
  if (loop.total === null) return { loopCounter: { type: 'Integer', value: loop.completed } };
  return {
    nrOfInstances: { type: 'Integer', value: loop.total },
    nrOfCompletedInstances: { type: 'Integer', value: loop.completed },
    nrOfActiveInstances: { type: 'Integer', value: loop.active },
  };
}
