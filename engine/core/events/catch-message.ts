import type { Catcher } from '../behaviors/element-behavior.ts';
import { contextOf, requireText } from '../behaviors/evaluation.ts';
import type { MessageDefinition } from '../model.ts';
import { emit } from '../run.ts';

/** Opens a message subscription that lives as long as its owner; the name may be an expression. */
export function openMessageSubscription(catcher: Catcher, message: MessageDefinition): void {
  const { run, state, element, instance } = catcher;
  const name = requireText(run, message.name, contextOf(catcher), `the message name of ${element.id}`);
  const id = run.ports.nextId();
  const subscription = { id, kind: 'message' as const, name, element: element.index, owner: instance.id };
  emit(run, state, { instance: state.id, type: 'SubscriptionOpened', subscription });
}
