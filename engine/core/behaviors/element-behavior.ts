import type { Element } from '../model.ts';
import type { Token } from '../run.ts';
import type { ElementInstance } from '../state.ts';
import type { Variables } from '../values.ts';

/** What one kind of BPMN element does with a token. Async continuations, mappings, boundary events and loops are done around it. */
export interface ElementBehavior<E extends Element = Element> {
  /** The token is here: finish at once (`completeElement`) or wait for a command. */
  execute(token: Token<E>): void;
  /** Scopes and call activities: something inside came to its end. `from` = index of the element that ended. */
  childCompleted?(token: Token<E>, from: number | null): void;
  /** Catching events: the message came or the timer is due. */
  trigger?(catcher: Catcher<E>, payload: Payload): void;
}

/** A catching element together with the element instance that owns its subscription or job: itself, its host, its scope or a gateway. */
export interface Catcher<E extends Element = Element> extends Omit<Token<E>, 'instance'> {
  readonly owner: ElementInstance;
}

/** What a trigger brings along: `variables` go to the scope around, `localVariables` stay with the triggered element. */
export interface Payload {
  variables: Variables;
  localVariables: Variables;
}
export const NO_PAYLOAD: Payload = { variables: {}, localVariables: {} };
