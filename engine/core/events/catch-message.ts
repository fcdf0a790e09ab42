import type { Catcher } from '../behaviors/element-behavior.ts';
import { contextAt, requireText } from '../behaviors/evaluation.ts';
import type { MessageDefinition } from '../model.ts';
import { emit } from '../run.ts';

/** Opens a message subscription that lives as long as its owner; the name may be an expression. */
export function openMessageSubscription({ run, state, element, owner }: Catcher, message: MessageDefinition): void {
  const name = requireText(run, message.name, contextAt(run, state, owner, element), `the message name of ${element.id}`);
  const id = run.ports.nextId();
  const subscription = { id, kind: 'message' as const, name, element: element.index, owner: owner.id };
  emit(run, state, { instance: state.id, type: 'SubscriptionOpened', subscription });
}
