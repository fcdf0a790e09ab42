import { elementInstance, findElementInstance } from '../instance-tree.ts';
import type { ConditionalDefinition, EventDefinition, ProcessModel, VariableChange } from '../model.ts';
import { elementAt, type Place } from '../run.ts';
import type { SubscriptionState } from '../state.ts';

const withConditions = new WeakMap<ProcessModel, boolean>();

/** Open conditional events that a change of this variable in this scope is for. Costs nothing in a model without conditional events. */
export function conditionsThatSee({ run, state, instance }: Place, name: string, change: VariableChange): SubscriptionState[] {
  if (state.subscriptions.length === 0) return [];
  const model = run.ports.model(state.definitionId);
  if (!hasConditions(model)) return [];
  return state.subscriptions.filter((subscription) => {
    if (subscription.kind !== 'conditional') return false;
    const { variableName, variableEvents } = conditionOf(model, subscription);
    if (variableName !== undefined && variableName !== name) return false;
    if (variableEvents && !variableEvents.includes(change)) return false;
    return isInside({ run, state, instance: elementInstance(state, subscription.owner) }, instance.id);
  });
}

export function conditionOf(model: ProcessModel, { element, definition }: Pick<SubscriptionState, 'element' | 'definition'>): ConditionalDefinition {
  const catcher = elementAt(model, element);
  const event = 'event' in catcher ? catcher.event : undefined;
  const own = event?.type === 'multiple' ? event.definitions[definition ?? -1] : event;
  if (own?.type !== 'conditional') throw new Error(`Expected a conditional event at ${catcher.id}, but it is ${own?.type ?? 'none'}`);
  return own;
}

function hasConditions(model: ProcessModel): boolean {
  let has = withConditions.get(model);
  if (has === undefined) {
    has = model.elements.some((element) => 'event' in element && isConditional(element.event));
    withConditions.set(model, has);
  }
  return has;
}

function isConditional(event: EventDefinition): boolean {
  return event.type === 'conditional' || (event.type === 'multiple' && event.definitions.some(isConditional));
}

/** Whether the place is the scope with this id or somewhere inside it. */
function isInside({ state, instance }: Place, scope: number): boolean {
  for (let at: typeof instance | undefined = instance; at; at = at.scope === 0 ? undefined : findElementInstance(state, at.scope)) {
    if (at.id === scope) return true;
  }
  return false;
}
