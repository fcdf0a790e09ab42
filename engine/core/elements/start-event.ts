import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { triggerEventSubProcess } from '../behaviors/event-sub-processes.ts';
import type { StartEvent } from '../model.ts';

/** A token begins here. `trigger` is for the start event of an event sub-process. */
export const startEvent: ElementBehavior<StartEvent> = {
  execute: (token) => completeElement(token),
  trigger: triggerEventSubProcess,
};
