import type { Token } from '../run.ts';
import type { ElementInstance } from '../state.ts';
import { itemCompleted, startMultiInstance } from './multi-instance.ts';
import { runCompleted, startStandardLoop } from './standard-loop.ts';

/** The body of a loop begins. Boundary events, async continuations and flows of the element are the body's. */
export function startLoop(body: Token): void {
  if (body.element.standardLoop) startStandardLoop(body);
  else startMultiInstance(body);
}

/** One of its items came to its end. */
export function loopItemCompleted(body: Token, item: ElementInstance): void {
  if (body.element.standardLoop) runCompleted(body);
  else itemCompleted(body, item);
}
