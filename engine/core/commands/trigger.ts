import type { Payload } from '../behaviors/element-behavior.ts';
import { behaviorOf } from '../elements/registry.ts';
import { Failure } from '../failure.ts';
import { elementInstance } from '../instance-tree.ts';
import { elementAt, type Run } from '../run.ts';
import type { InstanceState } from '../state.ts';

/** The event that `owner` waits for on behalf of the catching element has happened. */
export function triggerEvent(run: Run, state: InstanceState, at: { element: number; owner: number }, payload: Payload): void {
  const model = run.ports.model(state.definitionId);
  const element = elementAt(model, at.element);
  const behavior = behaviorOf(element);
  if (!behavior.trigger)
    throw new Failure('ELEMENT_NOT_CATCHING', `Expected ${element.id} to catch events, but ${element.type} does not`, element.id);
  behavior.trigger({ run, state, model, element, instance: elementInstance(state, at.owner) }, payload);
}
