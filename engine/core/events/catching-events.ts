import type { Catcher } from '../behaviors/element-behavior.ts';
import type { EventDefinition } from '../model.ts';
import { openMessageSubscription } from './catch-message.ts';
import { startTimer } from './catch-timer.ts';

type CatchingEvent<D extends EventDefinition> = (catcher: Catcher, definition: D) => void;

/** How a catching event of each kind begins to wait; null = it never waits (errors are looked up when they are thrown). */
export const catchingEvents = {
  none: null,
  message: openMessageSubscription,
  timer: startTimer,
  error: null,
  terminate: null,
} as const satisfies { [T in EventDefinition['type']]: CatchingEvent<Extract<EventDefinition, { type: T }>> | null };

/** Opens what the catching element waits for: a message subscription or a timer. */
export function waitFor(catcher: Catcher): void {
  const { element } = catcher;
  if (element.type === 'bpmn:ReceiveTask') return openMessageSubscription(catcher, element.message);
  if (!('event' in element)) return;
  const wait = catchingEvents[element.event.type] as CatchingEvent<EventDefinition> | null;
  wait?.(catcher, element.event);
}
