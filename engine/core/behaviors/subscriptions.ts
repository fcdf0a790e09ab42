import { emit } from '../run.ts';
import type { SubscriptionKind } from '../state.ts';
import type { Catcher } from './element-behavior.ts';

/** Opens a subscription that lives as long as its owner. `definition`: of a multiple event, which of its definitions. */
export function openSubscription(catcher: Catcher, kind: SubscriptionKind, name: string, definition: number | undefined): number {
  const { run, state, element, instance } = catcher;
  const id = run.ports.nextId();
  emit(run, state, {
    instance: state.id,
    type: 'SubscriptionOpened',
    subscription: { id, kind, name, element: element.index, owner: instance.id, ...(definition !== undefined && { definition }) },
  });
  return id;
}
