import { triggerCatchEvent } from '../behaviors/catch-event.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { waitFor } from '../events/catching-events.ts';
import type { ReceiveTask } from '../model.ts';

/** Waits for its message, or for a signal to its execution when it has none. */
export const receiveTask: ElementBehavior<ReceiveTask> = {
  execute: waitFor,
  trigger: triggerCatchEvent,
};
