import type { Catcher } from '../behaviors/element-behavior.ts';
import { contextOf, requireText } from '../behaviors/evaluation.ts';
import { openSubscription } from '../behaviors/subscriptions.ts';
import type { MessageDefinition } from '../model.ts';

/** The name may be an expression; it is evaluated when the event begins to wait. */
export function openMessageSubscription(catcher: Catcher, message: MessageDefinition, definition?: number): void {
  const { run, element } = catcher;
  openSubscription(catcher, 'message', requireText(run, message.name, contextOf(catcher), `the message name of ${element.id}`), definition);
}
