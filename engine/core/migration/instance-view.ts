import { compensationEventSubProcess } from '../behaviors/compensation-records.ts';
import { elementAt } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import { type Activity, activityOf, keyOf, parentOf } from './activity.ts';
import { mappedFrom, type MappedActivity, type Mapping } from './plan.ts';

/** The element instances of an instance as they are before it is migrated, with what the plan says of each. */
export interface InstanceView {
  readonly state: InstanceState;
  readonly mapping: Mapping;
  readonly byId: ReadonlyMap<number, ElementInstance>;
  /** Direct contents by scope. */
  readonly inside: ReadonlyMap<number, readonly ElementInstance[]>;
  activityOf(instance: ElementInstance): Activity;
  /** undefined = not mapped. */
  mapped(instance: ElementInstance): MappedActivity | undefined;
  /** A scope that is not mapped but holds tokens: it is taken away from around them. */
  isRemoved(instance: ElementInstance): boolean;
  /** The innermost element instance around that stays. */
  keptAround(instance: ElementInstance): ElementInstance;
}

export function viewOf(state: InstanceState, mapping: Mapping): InstanceView {
  const byId = new Map(state.elements.map((instance) => [instance.id, instance]));
  const inside = Map.groupBy(state.elements, ({ scope }) => scope);
  const activities = new Map(
    state.elements.map((instance) => [instance.id, activityOf(mapping.source, instance, byId.get(instance.scope))]),
  );
  const activity = ({ id }: ElementInstance) => activities.get(id) as Activity;
  const mapped = (instance: ElementInstance) => mappedFrom(mapping, activity(instance));
  return {
    state,
    mapping,
    byId,
    inside,
    activityOf: activity,
    mapped,
    isRemoved: (instance) => !mapped(instance) && inside.has(instance.id) && instance.phase !== 'compensating',
    keptAround(instance) {
      let around = byId.get(instance.scope);
      while (around && !mapped(around)) around = byId.get(around.scope);
      return around ?? (state.elements[0] as ElementInstance);
    },
  };
}

/** The scope with this id, or the innermost around it that stays; undefined when it is no element instance (any more). */
export function keptScopeOf(view: InstanceView, id: number): ElementInstance | undefined {
  const scope = view.byId.get(id);
  return scope && (view.mapped(scope) ? scope : view.keptAround(scope));
}

/** Scopes of the new version, the outermost first, that stand between an element and the kept element instance around it. */
export function missingScopes({ mapping, mapped }: InstanceView, target: Activity, around: ElementInstance): Activity[] {
  const kept = mapped(around);
  const missing: Activity[] = [];
  for (let at = parentOf(mapping.target, target); at && kept && keyOf(at) !== keyOf(kept.target); at = parentOf(mapping.target, at))
    missing.unshift(at);
  return missing;
}

/** Where a handler of the old version undoes what is completed: the same in the new one; null = what is inside, undefined = it has none. */
export function handlerIn(
  { source, target }: Mapping,
  element: number,
  handler: number | null,
  mapped: Activity,
): number | null | undefined {
  if (handler === null) return null;
  if (elementAt(source, element).compensationHandler === handler) return mapped.element.compensationHandler;
  return compensationEventSubProcess(target, mapped.element);
}
