import type { Catcher, Payload } from './behaviors/element-behavior.ts';
import { isParallelMultiple } from './behaviors/event-definitions-of.ts';
import { staysOpen } from './behaviors/stays-open.ts';
import { setVariables } from './behaviors/variables.ts';
import { behaviorOf } from './elements/registry.ts';
import { waitFor } from './events/catching-events.ts';
import { Failure } from './failure.ts';
import { elementInstance } from './instance-tree.ts';
import { elementAt, emit, type Run, scopeOf } from './run.ts';
import type { InstanceState, SubscriptionState } from './state.ts';

/** What a subscription waits for has come: it is closed, unless its event can be triggered again, and its element gets the payload. */
export function receiveEvent(run: Run, state: InstanceState, subscription: SubscriptionState, payload: Payload): void {
  const { id, kind, name, element: index } = subscription;
  const element = elementAt(run.ports.model(state.definitionId), index);
  if (!staysOpen(element) || isParallelMultiple(element))
    emit(run, state, { instance: state.id, type: 'SubscriptionClosed', subscription: id, reason: 'correlated' });
  else
    emit(run, state, {
      instance: state.id,
      type: kind === 'message' ? 'MessageReceived' : 'EventReceived',
      subscription: id,
      name,
      element: index,
    });
  triggerEvent(run, state, subscription, payload);
}

/** The event that `owner` waits for on behalf of the catching element has happened. @throws Failure `ELEMENT_NOT_CATCHING` */
export function triggerEvent(run: Run, state: InstanceState, at: { element: number; owner: number }, payload: Payload): void {
  const model = run.ports.model(state.definitionId);
  const element = elementAt(model, at.element);
  const behavior = behaviorOf(element);
  if (!behavior.trigger)
    throw new Failure('ELEMENT_NOT_CATCHING', `Expected ${element.id} to catch events, but ${element.type} does not`, element.id);
  const catcher = { run, state, model, element, instance: elementInstance(state, at.owner) };
  const isParallel = isParallelMultiple(element);
  if (isParallel && waitsForMore(catcher)) return keepPayload(catcher, payload);
  behavior.trigger(catcher, payload);
  // All have come and are used up: the event waits for all of them again.
  if (isParallel && staysOpen(element)) waitFor(catcher);
}

/** What a parallel multiple event still waits for is what it has open; nothing else has to be remembered. */
function waitsForMore({ state, element, instance }: Catcher): boolean {
  const isOwn = (waiting: { element: number; owner: number }) => waiting.owner === instance.id && waiting.element === element.index;
  return state.subscriptions.some(isOwn) || state.jobs.some((job) => job.kind === 'timer' && isOwn(job));
}

function keepPayload(catcher: Catcher, { variables }: Payload): void {
  const { run, state, element, instance } = catcher;
  setVariables({ run, state, instance: element.type === 'bpmn:BoundaryEvent' ? scopeOf(catcher) : instance }, variables);
}
