import type { Element } from '../model.ts';
import type { Token } from '../run.ts';
import { instantiatingGatewayOf, targets } from '../start-elements.ts';
import { completeElement } from './complete-element.ts';
import { activateElement, enterElement } from './enter-element.ts';
import { runListeners } from './listeners.ts';
import { mapInputs } from './variable-mapping.ts';

/**
 * An instance begins without a start event: at the receive task or catch event whose message (or signal) has come, so that it
 * goes on behind it. When that stands behind a parallel event-based gateway, the instance waits for the others as well.
 */
export function beginAtMessage({ run, state, model, instance }: Token, element: Element): void {
  const at = (index: number) => ({ element: index, scope: instance.id, flow: null });
  const token = activateElement(run, state, model, at(element.index), 'active');
  const gateway = instantiatingGatewayOf(model, element.index);
  if (gateway?.instantiate === 'parallel') {
    for (const other of targets(model, gateway)) if (other !== element.index) enterElement(run, state, model, at(other));
  }
  mapInputs(token);
  runListeners(token, 'start');
  completeElement(token);
}
