import { completeElement } from '../behaviors/complete-element.ts';
import type { EventDefinition } from '../model.ts';
import type { Token } from '../run.ts';
import { cancelTransaction, continueCancel } from './throw-cancel.ts';
import { continueAfterCompensation, throwCompensation } from './throw-compensation.ts';
import { throwErrorEvent } from './throw-error.ts';
import { throwEscalation } from './throw-escalation.ts';
import { throwMessage } from './throw-message.ts';
import { throwMultiple } from './throw-multiple.ts';
import { throwSignal } from './throw-signal.ts';
import { terminateScope } from './throw-terminate.ts';

type ThrowingEvent<D extends EventDefinition> = (token: Token, definition: D) => void;

/** What a throwing or end event of each kind does; null = there is no such throwing event in BPMN. */
const throwingEvents = {
  none: (token: Token) => completeElement(token),
  message: throwMessage,
  timer: null,
  error: throwErrorEvent,
  signal: throwSignal,
  escalation: throwEscalation,
  conditional: null,
  multiple: throwMultiple,
  terminate: terminateScope,
  compensation: throwCompensation,
  cancel: cancelTransaction,
  link: (token: Token) => completeElement(token),
} as const satisfies { [T in EventDefinition['type']]: ThrowingEvent<Extract<EventDefinition, { type: T }>> | null };

export function throwEvent(token: Token, event: EventDefinition): void {
  const act = throwingEvents[event.type] as ThrowingEvent<EventDefinition> | null;
  if (!act) throw new Error(`Expected a throwing event at ${token.element.id}, but ${event.type} events only catch`);
  act(token, event);
}

/** Something that the event has started and waits for came to its end: a compensation handler. */
export function continueThrowing(token: Token, event: EventDefinition): void {
  if (event.type === 'cancel') continueCancel(token);
  else continueAfterCompensation(token);
}
