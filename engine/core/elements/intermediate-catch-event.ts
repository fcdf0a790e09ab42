import { triggerCatchEvent } from '../behaviors/catch-event.ts';
import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { catchingEvents, waitFor } from '../events/catching-events.ts';
import type { ElementOf } from '../model.ts';

/** Waits for its event; without an event definition it passes through. */
export const intermediateCatchEvent: ElementBehavior<ElementOf<'bpmn:IntermediateCatchEvent'>> = {
  execute(token) {
    if (catchingEvents[token.element.event.type]) waitFor(token);
    else completeElement(token);
  },
  trigger: triggerCatchEvent,
};
