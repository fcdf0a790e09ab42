import { applyEvent } from './apply.ts';
import type { EngineEvent } from './events.ts';
import { elementInstance, findElementInstance, processScope } from './instance-tree.ts';
import type { Element, ProcessModel } from './model.ts';
import type { Actor, Ports, RootState } from './ports.ts';
import type { ElementInstance, InstanceState } from './state.ts';
import type { Variables } from './values.ts';

/** Element steps of one command; what comes after is left to an async continuation, so that a model's endless loop harms only itself. */
export const STEPS_PER_COMMAND = 1_000;
/** Steps of one path over all its commands from one wait state to the next; with more it counts as an endless loop. */
export const STEPS_WITHOUT_WAIT = 200_000;
/** A path of more steps than this goes on in small commands: it may well be an endless loop, and others want to come in between. */
export const STEPS_OF_LONG_PATH = 5_000;
export const STEPS_PER_SMALL_COMMAND = 100;
/** A command costs at least as much as so many steps. */
export const STEPS_OF_COMMAND = 10;

/** The run of one command: what it may touch, what it has recorded, and what is still to do. */
export interface Run {
  readonly root: RootState;
  readonly ports: Ports;
  readonly actor: Actor;
  readonly events: EngineEvent[];
  /** A stack, so that a branch runs up to its wait state before the next one starts. */
  readonly agenda: Step[];
  /** Conditional events to look at before the next step. */
  readonly conditions: PendingCondition[];
  steps: number;
  stepsAllowed: number;
  /** Steps of the commands before this one, since somebody or something outside was waited for. */
  stepsBefore: number;
  /** Execution and task listeners stay silent, as a caller may ask when it deletes or modifies. */
  skipListeners?: boolean;
  /** The same for input and output parameters. */
  skipIoMappings?: boolean;
  /** Variables that live as long as this run, by scope; nothing of them is recorded. */
  transients?: Map<number, Variables>;
}

/** A place in the scope tree: where variables are looked up and to what jobs and subscriptions belong. */
export interface Place {
  readonly run: Run;
  readonly state: InstanceState;
  readonly instance: ElementInstance;
}

/** An element instance with all that belongs to it: what element behaviors work on. */
export interface Token<E extends Element = Element> extends Place {
  readonly model: ProcessModel;
  readonly element: E;
}

/** A conditional event, with the variables that it saw when one of them changed or when it began to wait. */
export interface PendingCondition {
  readonly state: InstanceState;
  readonly subscription: number;
  readonly variables: Variables;
}

/**
 * `execute`: the element begins its work. `childCompleted`: something inside the scope, body or called instance came to its end.
 * `complete`: a throwing event is done, when those who caught it have run. `receive`: a catcher gets a signal of this command.
 */
export interface Step {
  readonly kind: 'execute' | 'childCompleted' | 'complete' | 'receive';
  readonly token: Token;
  /** Of `receive`. */
  readonly received?: { subscription: number; variables: Variables };
  /** Index of the element that ended; null after a called instance. */
  readonly from: number | null;
  /** Of `childCompleted`: the element instance that ended. It is gone from the state; its variables are still to be read. */
  readonly ended?: ElementInstance;
}

export interface CommandResult<T> {
  events: EngineEvent[];
  result: T;
}

export function createRun(root: RootState, ports: Ports, actor: Actor): Run {
  return { root, ports, actor, events: [], agenda: [], conditions: [], steps: 0, stepsAllowed: STEPS_PER_COMMAND, stepsBefore: ports.stepsBefore ?? 0 };
}

/** Records a fact: it is applied to the state at once, so that folding the events gives the same state by construction. */
export function emit(run: Run, state: InstanceState, event: EngineEvent): void {
  run.events.push(event);
  applyEvent(state, event);
}

export function tokenOf(run: Run, state: InstanceState, instance: ElementInstance): Token {
  const model = run.ports.model(state.definitionId);
  return { run, state, model, element: elementAt(model, instance.element), instance };
}

export function elementAt(model: ProcessModel, index: number): Element {
  const element = model.elements[index];
  if (!element) throw new Error(`Expected element ${index} in process ${model.key}, but it has ${model.elements.length} elements`);
  return element;
}

export function scopeOf({ state, instance }: Place): ElementInstance {
  return instance.scope === state.id ? processScope(state) : elementInstance(state, instance.scope);
}

export function completeLater(token: Token): void {
  token.run.agenda.push({ kind: 'complete', token, from: null });
}

export function schedule(token: Token): void {
  token.run.agenda.push({ kind: 'execute', token, from: null });
}

/** Tells the enclosing scope (or multi-instance body), or the compensation that waits for it, that one of its element instances is gone. */
export function notifyScope(token: Token): void {
  const { run, state, model, element, instance } = token;
  const thrower = instance.thrower === undefined ? undefined : findElementInstance(state, instance.thrower);
  const scope = thrower ?? scopeOf(token);
  run.agenda.push({
    kind: 'childCompleted',
    token: { run, state, model, element: elementAt(model, scope.element), instance: scope },
    from: element.index,
    ended: instance,
  });
}
