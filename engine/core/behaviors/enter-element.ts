import type { ProcessModel } from '../model.ts';
import { elementAt, emit, type Run, schedule, STEPS_PER_COMMAND, type Token } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import { createJob } from './jobs.ts';
import { arriveAtJoin } from './join.ts';

/** Where a token goes: `flow` = the sequence flow it takes, null for scope starts and triggers. */
export interface Destination {
  element: number;
  /** Id of the scope's element instance. */
  scope: number;
  flow: number | null;
}

/** A token comes to an element: it waits at a join, is parked at an async continuation, or begins its work. */
export function enterElement(run: Run, state: InstanceState, model: ProcessModel, to: Destination): void {
  const element = elementAt(model, to.element);
  if (element.type === 'bpmn:ParallelGateway' && element.incoming.length > 1 && !arriveAtJoin(run, state, element, to)) return;
  const isParked = element.asyncBefore || run.steps >= STEPS_PER_COMMAND;
  const token = activateElement(run, state, model, to, isParked ? 'before' : element.multiInstance ? 'body' : 'active');
  if (isParked) park(token);
  else schedule(token);
}

/** One item of a multi-instance body begins; returns its token before its work is done, so that the caller can give it variables. */
export function enterItem(body: Token): Token {
  const { run, state, model, element, instance } = body;
  const isParked = run.steps >= STEPS_PER_COMMAND;
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
  phase: 'before' | 'active' | 'body',
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
  });
  const instance = state.elements[state.elements.length - 1] as ElementInstance;
  return { run, state, model, element: elementAt(model, to.element), instance };
}

function park(token: Token): void {
  createJob(token, token.element, { kind: 'async-before', dueAt: token.run.ports.now });
}
