import { elementAt } from '../run.ts';
import type { CompensationState, ElementInstance } from '../state.ts';
import { type Activity, activityId, keyOf, outermost } from './activity.ts';
import { problem } from './check-plan.ts';
import { handlerIn, type InstanceView, keptScopeOf, missingScopes } from './instance-view.ts';
import type { MappedActivity, MigrationProblem } from './plan.ts';

/** What keeps an instance from being migrated: where, and why. */
export interface InstanceProblem extends MigrationProblem {
  /** Element instance, or the scope in which tokens wait at a join; the instance itself when it is about all of it. */
  elementInstance: number;
  /** BPMN id in the old version. */
  activity: string;
  /** It is parked at an async continuation, or waits at a join. */
  isTransition: boolean;
}

/**
 * Whether the plan, which is valid, fits what the instance is at. Empty = it can be migrated.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/process-instance-migration/#execution-time-validation
 */
export function checkInstance(view: InstanceView): InstanceProblem[] {
  const { state } = view;
  return [
    ...state.elements.slice(1).flatMap((instance) => problemsOfElement(view, instance)),
    ...problemsOfJoins(view),
    ...problemsOfCompensations(view),
  ];
}

function problemsOfElement(view: InstanceView, instance: ElementInstance): InstanceProblem[] {
  const activity = view.activityOf(instance);
  const mapped = view.mapped(instance);
  const at = {
    elementInstance: instance.id,
    activity: activityId(activity),
    isTransition: instance.phase === 'before' || instance.phase === 'after',
  };
  if (!mapped) return view.isRemoved(instance) ? [] : [{ ...problem('ACTIVITY_NOT_MAPPED', { source: at.activity }), ...at }];
  const problems = asyncProblems(activity, mapped, instance).map((each) => ({ ...each, ...at }));
  for (const index of instance.adHoc?.waiting ?? []) {
    const waiting = outermost(elementAt(view.mapping.source, index));
    if (!view.mapping.bySource.has(keyOf(waiting)))
      problems.push({ ...problem('WAITING_ACTIVITY_NOT_MAPPED', { source: activityId(waiting) }), ...at });
  }
  return problems;
}

/** What was parked because its command took too long needs no continuation in the model. */
function asyncProblems(activity: Activity, { target }: MappedActivity, { phase }: ElementInstance): MigrationProblem[] {
  const [from, to] = [asyncOf(activity), asyncOf(target)];
  if (phase === 'before' && from.before && !to.before) return [problem('NOT_ASYNC_BEFORE', { target: activityId(target) })];
  if (phase === 'after' && from.after && !to.after) return [problem('NOT_ASYNC_AFTER', { target: activityId(target) })];
  return [];
}

/** Runs of a loop have continuations of their own; those of the element are the body's. */
function asyncOf({ element, isBody }: Activity): { before: boolean; after: boolean } {
  const { multiInstance } = element;
  if (multiInstance && !isBody) return { before: multiInstance.asyncBefore === true, after: multiInstance.asyncAfter === true };
  return { before: element.asyncBefore, after: element.asyncAfter };
}

function problemsOfJoins({ state, mapping }: InstanceView): InstanceProblem[] {
  const isMapped = (gateway: number) => mapping.bySource.has(keyOf({ element: elementAt(mapping.source, gateway), isBody: false }));
  return state.arrivals
    .filter(({ gateway }) => !isMapped(gateway))
    .map(({ gateway, scope }) => {
      const activity = elementAt(mapping.source, gateway).id;
      return { ...problem('ACTIVITY_NOT_MAPPED', { source: activity }), elementInstance: scope, activity, isTransition: true };
    });
}

/** What is completed can be undone in the new version as well, or the instance is not migrated. */
function problemsOfCompensations(view: InstanceView): InstanceProblem[] {
  return view.state.compensations.flatMap((record) => {
    const problems = problemsOfCompensation(view, record);
    const activity = elementAt(view.mapping.source, record.element).id;
    return problems.map((each) => ({ ...each, elementInstance: record.id, activity, isTransition: false }));
  });
}

function problemsOfCompensation(view: InstanceView, record: CompensationState): MigrationProblem[] {
  const mapped = mappedCompensation(view, record);
  const source = elementAt(view.mapping.source, record.element).id;
  if (!mapped) return [problem('COMPENSATION_NOT_MAPPED', { source })];
  const target = activityId(mapped.target);
  if (handlerIn(view.mapping, record.element, record.handler, mapped.target) === undefined)
    return [problem('COMPENSATION_HANDLER_LOST', { source, target })];
  const kept = keptScopeOf(view, record.scope);
  const scope = kept && missingScopes(view, mapped.target, kept).at(-1);
  // A scope is put around what runs; one that has nothing but what is completed would never end.
  return scope && !isMade(view, kept, scope) ? [problem('COMPENSATION_SCOPE_MISSING', { source, scope: activityId(scope) })] : [];
}

/** Whether something that runs in the same scope goes into that new scope as well. */
function isMade(view: InstanceView, kept: ElementInstance, scope: Activity): boolean {
  return view.state.elements.some((instance) => {
    const mapped = instance.scope === 0 ? undefined : view.mapped(instance);
    return (
      mapped !== undefined &&
      view.keptAround(instance) === kept &&
      missingScopes(view, mapped.target, kept).some((made) => keyOf(made) === keyOf(scope))
    );
  });
}

/** Of a looped activity a record may be of a run or of the body. */
export function mappedCompensation(
  { mapping, byId }: InstanceView,
  { element: index, scope }: CompensationState,
): MappedActivity | undefined {
  const element = elementAt(mapping.source, index);
  const isRun = byId.get(scope)?.element === index;
  const activity = isRun ? { element, isBody: false } : outermost(element);
  return mapping.bySource.get(keyOf(activity)) ?? mapping.bySource.get(keyOf({ element, isBody: false }));
}
