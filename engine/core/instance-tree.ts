import { Failure } from './failure.ts';
import type { RootState } from './ports.ts';
import type { ElementInstance, InstanceState } from './state.ts';

/** Looks from the newest element instance back: what a command works on is almost always at the end. */
export function findElementInstance(state: InstanceState, id: number): ElementInstance | undefined {
  const { elements } = state;
  for (let i = elements.length - 1; i >= 0; i--) {
    const instance = elements[i];
    if (instance?.id === id) return instance;
  }
  return undefined;
}

/** @throws Failure `ELEMENT_INSTANCE_NOT_FOUND` */
export function elementInstance(state: InstanceState, id: number): ElementInstance {
  const instance = findElementInstance(state, id);
  if (!instance)
    throw new Failure('ELEMENT_INSTANCE_NOT_FOUND', `Expected element instance ${id} in instance ${state.id}, but it is not active`);
  return instance;
}

/** The element instance of the process itself; it stays, with the variables, when the instance has ended. */
export function processScope(state: InstanceState): ElementInstance {
  return state.elements[0] as ElementInstance;
}

export function isScopeEmpty(state: InstanceState, scope: number): boolean {
  for (const instance of state.elements) if (instance.scope === scope) return false;
  for (const arrival of state.arrivals) if (arrival.scope === scope) return false;
  return true;
}

/** One of the items inside a multi-instance body; boundary events, async continuations and flows belong to the body. */
export function isMultiInstanceItem(state: InstanceState, instance: ElementInstance): boolean {
  if (instance.scope === 0) return false;
  const scope = elementInstance(state, instance.scope);
  return scope.phase === 'body' && scope.element === instance.element;
}

/** @throws Failure `INSTANCE_NOT_FOUND` */
export function loadedInstance(root: RootState, id: number): InstanceState {
  const state = root.instances.get(id);
  if (!state || state.status === 'ended') throw new Failure('INSTANCE_NOT_FOUND', `Expected instance ${id} to be running, but it is not`);
  return state;
}
