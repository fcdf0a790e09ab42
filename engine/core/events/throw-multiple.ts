import { definitionsOf } from '../behaviors/event-definitions-of.ts';
import { sendMessage } from '../behaviors/messages.ts';
import { findElementInstance } from '../instance-tree.ts';
import type { MultipleDefinition } from '../model.ts';
import { completeLater, type Token } from '../run.ts';
import { raiseEscalation } from './throw-escalation.ts';
import { broadcastSignal } from './throw-signal.ts';

/**
 * Throws all of its definitions, and is done when its messages are delivered. Escalations come last: one that interrupts the
 * thrower takes the messages back that are not delivered yet.
 */
export function throwMultiple(token: Token, event: MultipleDefinition): void {
  const messages = definitionsOf(event, 'message');
  if (messages.length === 0) completeLater(token);
  for (const message of messages) sendMessage(token, message);
  // The agenda is a stack: the signal that is named first is handled first.
  for (const signal of definitionsOf(event, 'signal').toReversed()) broadcastSignal(token, signal);
  for (const escalation of definitionsOf(event, 'escalation')) {
    if (findElementInstance(token.state, token.instance.id) !== token.instance) return;
    raiseEscalation(token, escalation);
  }
}
