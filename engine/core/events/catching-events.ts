import type { Catcher } from '../behaviors/element-behavior.ts';
import { openSubscription } from '../behaviors/subscriptions.ts';
import type { EventDefinition, MultipleDefinition } from '../model.ts';
import { openCondition } from './catch-conditional.ts';
import { openMessageSubscription } from './catch-message.ts';
import { openSignalSubscription } from './catch-signal.ts';
import { startTimer } from './catch-timer.ts';

/** `index`: of a multiple event, which of its definitions. */
type CatchingEvent<D extends EventDefinition> = (catcher: Catcher, definition: D, index?: number) => void;

/** How a catching event of each kind begins to wait; null = it never waits (errors and escalations are looked up when they are thrown). */
export const catchingEvents = {
  none: null,
  message: openMessageSubscription,
  timer: startTimer,
  signal: openSignalSubscription,
  conditional: openCondition,
  error: null,
  escalation: null,
  multiple: waitForEach,
  terminate: null,
  compensation: null,
  cancel: null,
  link: null,
} as const satisfies { [T in EventDefinition['type']]: CatchingEvent<Extract<EventDefinition, { type: T }>> | null };

/** Opens what the catching element waits for: subscriptions or timers. */
export function waitFor(catcher: Catcher): void {
  const { element } = catcher;
  if (element.type === 'bpmn:ReceiveTask') {
    if (element.message) openMessageSubscription(catcher, element.message);
    else openSubscription(catcher, 'execution', '', undefined);
  } else if ('event' in element) beginToWait(catcher, element.event);
}

function waitForEach(catcher: Catcher, { definitions }: MultipleDefinition): void {
  definitions.forEach((definition, index) => beginToWait(catcher, definition, index));
}

function beginToWait(catcher: Catcher, event: EventDefinition, index?: number): void {
  const wait = catchingEvents[event.type] as CatchingEvent<EventDefinition> | null;
  wait?.(catcher, event, index);
}
