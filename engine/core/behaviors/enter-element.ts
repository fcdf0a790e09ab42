import { isLooped } from '../instance-tree.ts';
import type { ProcessModel } from '../model.ts';
import { elementAt, emit, type Run, schedule, type Token } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import type { Destination } from './destination.ts';
import { createJob } from './jobs.ts';
import { arriveAtJoin, isJoin } from './join.ts';
import { setLocalVariables } from './variables.ts';

/** A token comes to an element: it waits at a join, is parked at an async continuation, or begins its work. */
export function enterElement(run: Run, state: InstanceState, model: ProcessModel, to: Destination): void {
  const element = elementAt(model, to.element);
  const goesIn = isJoin(element) ? arriveAtJoin(run, state, element, to) : to;
  if (goesIn) beginElement(run, state, model, goesIn);
}

/** Like `enterElement`, but past the join: for the token that has come out of it. */
export function beginElement(run: Run, state: InstanceState, model: ProcessModel, to: Destination): Token {
  const element = elementAt(model, to.element);
  const isParked = element.asyncBefore || run.steps >= run.stepsAllowed;
  const token = activateElement(run, state, model, to, isParked ? 'before' : isLooped(element) ? 'body' : 'active');
  if (to.variables) setLocalVariables(token, to.variables);
  if (isParked) park(token);
  else schedule(token);
  return token;
}

/** One item of a loop's body begins; returns its token before its work is done, so that the caller can give it variables. */
export function enterItem(body: Token): Token {
  const { run, state, model, element, instance } = body;
  const isParked = element.multiInstance?.asyncBefore === true || run.steps >= run.stepsAllowed;
  const token = activateElement(
    run,
    state,
    model,
    { element: element.index, scope: instance.id, flow: null },
    isParked ? 'before' : 'active',
  );
  if (isParked) park(token);
  else schedule(token);
  return token;
}

export function activateElement(
  run: Run,
  state: InstanceState,
  model: ProcessModel,
  to: Destination,
  phase: 'before' | 'active' | 'body' | 'compensating',
): Token {
  const id = run.ports.nextId();
  run.steps++;
  emit(run, state, {
    instance: state.id,
    type: 'ElementActivated',
    id,
    element: to.element,
    scope: to.scope,
    phase,
    flow: to.flow,
    at: run.ports.now,
    ...(to.thrower !== undefined && { thrower: to.thrower }),
  });
  const instance = state.elements[state.elements.length - 1] as ElementInstance;
  return { run, state, model, element: elementAt(model, to.element), instance };
}

function park(token: Token): void {
  createJob(token, token.element, { kind: 'async-before', dueAt: token.run.ports.now });
}
