import { Failure, NotLoaded } from './failure.ts';
import type { Element, SubProcess } from './model.ts';
import type { RootState } from './ports.ts';
import type { ElementInstance, InstanceState } from './state.ts';

/** Looks from both ends: what a command works on is almost always at the end, what is canceled goes from the front. -1 = not there. */
export function indexById(list: readonly { id: number }[], id: number): number {
  for (let front = 0, back = list.length - 1; front <= back; front++, back--) {
    if (list[back]?.id === id) return back;
    if (list[front]?.id === id) return front;
  }
  return -1;
}

export function findElementInstance(state: InstanceState, id: number): ElementInstance | undefined {
  return state.elements[indexById(state.elements, id)];
}

/** @throws Failure `ELEMENT_INSTANCE_NOT_FOUND` */
export function elementInstance(state: InstanceState, id: number): ElementInstance {
  const instance = findElementInstance(state, id);
  if (instance) return instance;
  requireWhole(state);
  throw new Failure('ELEMENT_INSTANCE_NOT_FOUND', `Expected element instance ${id} in instance ${state.id}, but it is not active`);
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

/** What comes next needs every item of the loops whose items are kept apart, and every instance that was called. @throws NotLoaded */
export function requireWhole(state: InstanceState): void {
  if (state.partial) throw new NotLoaded({ kind: 'parts', key: String(state.id) });
}

/** What comes next looks at the whole tree, or for what may belong to an item that is not loaded. @throws NotLoaded */
export function requireAllWhole(root: RootState): void {
  for (const state of root.instances.values()) requireWhole(state);
}

/** Multi-instance or standard loop: a body stands around the runs of the element. */
export function isLooped({ multiInstance, standardLoop }: Element): boolean {
  return multiInstance !== undefined || standardLoop !== undefined;
}

export function isEventSubProcess(element: Element): element is SubProcess {
  return element.type === 'bpmn:SubProcess' && element.triggeredByEvent;
}

/** One of the items inside the body of a loop; boundary events, async continuations and flows belong to the body. */
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
