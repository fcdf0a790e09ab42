import { isScope } from '../behaviors/event-sub-processes.ts';
import { isJoin } from '../behaviors/join.ts';
import { isEventSubProcess, isLooped } from '../instance-tree.ts';
import type { Element, ProcessModel } from '../model.ts';
import { elementAt } from '../run.ts';
import { type Activity, activityId, eventScopeOf, keyOf, outermost, parentOf } from './activity.ts';
import { checkPlan } from './check-plan.ts';
import { eventKindOf, hasTrigger, isConditional, kindOf } from './kinds.ts';
import { mappedFrom, mappingOf, type MigrationInstruction } from './plan.ts';

/**
 * Maps equal activities of two versions: same id, same kind, inside scopes that are mapped, and only what a token can wait at
 * or what waits beside it. What would make the plan invalid is left out.
 * @param updateEventTriggers for each event; conditions are always taken from the new version
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/process-instance-migration/#generating-a-migration-plan
 */
export function generateInstructions(source: ProcessModel, target: ProcessModel, updateEventTriggers: boolean): MigrationInstruction[] {
  const process = ({ elements }: ProcessModel): Activity => ({ element: elements[0] as Element, isBody: false });
  let instructions = equalInside(source, target, process(source), process(target), updateEventTriggers);
  for (;;) {
    const mapping = mappingOf(source, target, instructions);
    const bad = new Set(checkPlan(source, target, instructions).map(({ instruction }) => instruction));
    for (const mapped of mapping.bySource.values()) {
      const [from, to] = [parentOf(source, mapped.source), parentOf(target, mapped.target)];
      const parent = from && mappedFrom(mapping, from);
      if (from && to && (!parent || keyOf(parent.target) !== keyOf(to))) bad.add(mapped.instruction);
    }
    if (bad.size === 0) return instructions;
    instructions = instructions.filter((instruction) => !bad.has(instruction));
  }
}

function equalInside(
  source: ProcessModel,
  target: ProcessModel,
  from: Activity,
  to: Activity,
  updateEventTriggers: boolean,
): MigrationInstruction[] {
  const others = new Map(inside(target, to).map((activity) => [activityId(activity), activity]));
  return inside(source, from).flatMap((activity) => {
    const other = others.get(activityId(activity));
    if (!other || !mayHoldTokens(source, activity) || !mayHoldTokens(target, other) || !isSame(activity, other)) return [];
    const { element, isBody } = activity;
    const updateEventTrigger = !isBody && (isConditional(element) || (updateEventTriggers && hasTrigger(element)));
    const id = activityId(activity);
    return [{ source: id, target: id, updateEventTrigger }, ...equalInside(source, target, activity, other, updateEventTriggers)];
  });
}

const isSame = (a: Activity, b: Activity) => kindOf(a) === kindOf(b) && eventKindOf(a.element) === eventKindOf(b.element);

function inside(model: ProcessModel, { element, isBody }: Activity): Activity[] {
  if (isBody) return [{ element, isBody: false }];
  return isScope(element) ? element.children.map((child) => outermost(elementAt(model, child))) : [];
}

/** A token can wait there between two commands, or it waits beside one, or it is remembered so that it can be undone. */
function mayHoldTokens(model: ProcessModel, activity: Activity): boolean {
  const { element } = activity;
  if (isLooped(element) || element.asyncBefore || element.asyncAfter || element.compensationHandler !== undefined) return true;
  if (
    elementAt(model, element.parent).type === 'bpmn:AdHocSubProcess' &&
    element.type !== 'bpmn:StartEvent' &&
    element.type !== 'bpmn:BoundaryEvent'
  )
    return true;
  switch (element.type) {
    case 'bpmn:UserTask':
    case 'bpmn:ReceiveTask':
    case 'bpmn:CallActivity':
    case 'bpmn:SubProcess':
    case 'bpmn:Transaction':
    case 'bpmn:AdHocSubProcess':
    case 'bpmn:EventBasedGateway':
      return true;
    case 'bpmn:ServiceTask':
    case 'bpmn:BusinessRuleTask':
    case 'bpmn:SendTask':
      return (
        ['external', 'plugin'].includes(element.implementation?.kind ?? '') ||
        (element.type === 'bpmn:SendTask' && element.message !== undefined)
      );
    case 'bpmn:ParallelGateway':
    case 'bpmn:InclusiveGateway':
    case 'bpmn:ComplexGateway':
      return isJoin(element);
    case 'bpmn:BoundaryEvent':
    case 'bpmn:IntermediateCatchEvent':
      return hasTrigger(element);
    case 'bpmn:StartEvent':
      return eventScopeOf(model, activity) !== undefined && isEventSubProcess(elementAt(model, element.parent)) && hasTrigger(element);
    case 'bpmn:IntermediateThrowEvent':
    case 'bpmn:EndEvent':
      return ['message', 'compensation', 'cancel', 'multiple'].includes(element.event.type);
    default:
      return false;
  }
}
