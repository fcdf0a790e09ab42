import { sendMessage } from '../behaviors/messages.ts';
import { runImplementation } from '../behaviors/service-implementations.ts';
import type { EventDefinition } from '../model.ts';
import type { Token } from '../run.ts';

/** Camunda 7 runs the implementation of the message event; without one the engine delivers the message itself. */
export function throwMessage(token: Token, event: Extract<EventDefinition, { type: 'message' }>): void {
  if (event.implementation) runImplementation(token, event.implementation);
  else sendMessage(token, event);
}
