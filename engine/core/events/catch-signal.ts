import type { Catcher } from '../behaviors/element-behavior.ts';
import { contextOf, requireText } from '../behaviors/evaluation.ts';
import { openSubscription } from '../behaviors/subscriptions.ts';
import type { SignalDefinition } from '../model.ts';

/** The name may be an expression; it is evaluated when the event begins to wait. */
export function openSignalSubscription(catcher: Catcher, signal: SignalDefinition, definition?: number): void {
  const { run, element } = catcher;
  openSubscription(catcher, 'signal', requireText(run, signal.name, contextOf(catcher), `the signal name of ${element.id}`), definition);
}
