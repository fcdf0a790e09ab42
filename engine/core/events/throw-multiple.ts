import { sendMessage } from '../behaviors/messages.ts';
import type { MultipleDefinition } from '../model.ts';
import { completeLater, type Token } from '../run.ts';
import { raiseEscalation } from './throw-escalation.ts';
import { broadcastSignal } from './throw-signal.ts';

/** Throws all of its definitions, the last one first as each stands on top of the agenda; it is done when its messages are delivered. */
export function throwMultiple(token: Token, { definitions }: MultipleDefinition): void {
  if (!definitions.some(({ type }) => type === 'message')) completeLater(token);
  for (const definition of definitions.toReversed()) {
    if (definition.type === 'message') sendMessage(token, definition);
    else if (definition.type === 'signal') broadcastSignal(token, definition);
    else if (definition.type === 'escalation') raiseEscalation(token, definition);
  }
}
