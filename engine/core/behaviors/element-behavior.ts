import type { Element } from '../model.ts';
import type { Token } from '../run.ts';
import type { Variables } from '../values.ts';

/** What one kind of BPMN element does with a token. Async continuations, mappings, listeners, boundary events and loops are done around it. */
export interface ElementBehavior<E extends Element = Element> {
  /** The token is here: finish at once (`completeElement`) or wait for a command. */
  execute(token: Token<E>): void;
  /** Scopes and call activities: something inside came to its end. `from` = index of the element that ended. */
  childCompleted?(token: Token<E>, from: number | null): void;
  /** Catching events: the message came or the timer is due. */
  trigger?(catcher: Catcher<E>, payload: Payload): void;
}

/**
 * A catching element, with the element instance that its subscription or job belongs to: itself, the host of a boundary
 * event, the scope of an event sub-process or the event-based gateway before it.
 */
export type Catcher<E extends Element = Element> = Token<E>;

/** What a trigger brings along: `variables` go to the scope around, `localVariables` stay with the triggered element. */
export interface Payload {
  variables: Variables;
  localVariables: Variables;
}
export const NO_PAYLOAD: Payload = { variables: {}, localVariables: {} };
