import { triggerBoundaryEvent } from '../behaviors/boundary-events.ts';
import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { BoundaryEvent } from '../model.ts';

/** Its waiting belongs to the host; a token comes here only when the event has happened. */
export const boundaryEvent: ElementBehavior<BoundaryEvent> = {
  execute: (token) => completeElement(token),
  trigger: triggerBoundaryEvent,
};
