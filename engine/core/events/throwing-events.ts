import { completeElement } from '../behaviors/complete-element.ts';
import type { EventDefinition } from '../model.ts';
import type { Token } from '../run.ts';
import { throwErrorEvent } from './throw-error.ts';
import { throwMessage } from './throw-message.ts';
import { terminateScope } from './throw-terminate.ts';

type ThrowingEvent<D extends EventDefinition> = (token: Token, definition: D) => void;

/** What a throwing or end event of each kind does; null = there is no such throwing event in BPMN. */
export const throwingEvents = {
  none: (token: Token) => completeElement(token),
  message: throwMessage,
  timer: null,
  error: throwErrorEvent,
  terminate: terminateScope,
} as const satisfies { [T in EventDefinition['type']]: ThrowingEvent<Extract<EventDefinition, { type: T }>> | null };

export function throwEvent(token: Token, event: EventDefinition): void {
  const act = throwingEvents[event.type] as ThrowingEvent<EventDefinition> | null;
  if (!act) throw new Error(`Expected a throwing event at ${token.element.id}, but ${event.type} events only catch`);
  act(token, event);
}
