import { elementInstance, findElementInstance, isLooped, requireWhole } from '../instance-tree.ts';
import type { ConditionalDefinition, ProcessModel, VariableChange } from '../model.ts';
import { partsOf } from '../parts.ts';
import { elementAt, type Place } from '../run.ts';
import type { SubscriptionState } from '../state.ts';
import { definitionAt, definitionsOf } from './event-definitions-of.ts';

/** Where a model has conditional events: nowhere, outside of loops only, or in the items of a loop as well. */
type Conditions = 'none' | 'outside loops' | 'in loops';
const known = new WeakMap<ProcessModel, Conditions>();

/** Open conditional events that a change of this variable in this scope is for. Costs nothing in a model without conditional events. */
export function conditionsThatSee(place: Place, name: string, change: VariableChange): SubscriptionState[] {
  const { run, state, instance } = place;
  if (state.subscriptions.length === 0 && !state.partial) return [];
  const model = run.ports.model(state.definitionId);
  const conditions = conditionsIn(model);
  if (conditions === 'none') return [];
  // A change inside an item is for that item only; any other is for all of them.
  if (state.partial && conditions === 'in loops' && !partsOf(state).has(instance.id)) requireWhole(state);
  return state.subscriptions.filter((subscription) => {
    if (subscription.kind !== 'conditional') return false;
    const { variableName, variableEvents } = conditionOf(model, subscription);
    if (variableName !== undefined && variableName !== name) return false;
    if (variableEvents && !variableEvents.includes(change)) return false;
    return isInside({ run, state, instance: elementInstance(state, subscription.owner) }, instance.id);
  });
}

export function conditionOf(
  model: ProcessModel,
  { element, definition }: Pick<SubscriptionState, 'element' | 'definition'>,
): ConditionalDefinition {
  const catcher = elementAt(model, element);
  const own = definitionAt(catcher, definition);
  if (own?.type !== 'conditional') throw new Error(`Expected a conditional event at ${catcher.id}, but it is ${own?.type ?? 'none'}`);
  return own;
}

function conditionsIn(model: ProcessModel): Conditions {
  let conditions = known.get(model);
  if (conditions === undefined) {
    const waiting = model.elements.filter((element) => 'event' in element && definitionsOf(element.event, 'conditional').length > 0);
    const isInLoop = waiting.some(({ index }) => isInLoopAt(model, index));
    conditions = waiting.length === 0 ? 'none' : isInLoop ? 'in loops' : 'outside loops';
    known.set(model, conditions);
  }
  return conditions;
}

function isInLoopAt(model: ProcessModel, index: number): boolean {
  for (let at = index; at > 0; at = elementAt(model, at).parent) if (isLooped(elementAt(model, at))) return true;
  return false;
}

/** Whether the place is the scope with this id or somewhere inside it. */
function isInside({ state, instance }: Place, scope: number): boolean {
  for (let at: typeof instance | undefined = instance; at; at = at.scope === 0 ? undefined : findElementInstance(state, at.scope)) {
    if (at.id === scope) return true;
  }
  return false;
}
