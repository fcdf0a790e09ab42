import { isJoin } from '../behaviors/join.ts';
import { isLooped } from '../instance-tree.ts';
import type { ProcessModel } from '../model.ts';
import { type Activity, activityId, eventScopeOf, findActivity, keyOf, scopesAround } from './activity.ts';
import { eventKindOf, hasTrigger, isConditional, kindOf } from './kinds.ts';
import {
  mappedFrom,
  type MappedActivity,
  type Mapping,
  mappingOf,
  type MigrationInstruction,
  type MigrationProblem,
  type MigrationProblemCode,
} from './plan.ts';

export interface InstructionReport {
  instruction: MigrationInstruction;
  problems: MigrationProblem[];
}

/**
 * What is wrong with the instructions, whatever instances they are for; empty = a valid plan.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/process-instance-migration/#creation-time-validation
 */
export function checkPlan(source: ProcessModel, target: ProcessModel, instructions: readonly MigrationInstruction[]): InstructionReport[] {
  const mapping = mappingOf(source, target, instructions);
  const times = new Map<string, number>();
  for (const { source: id } of instructions) times.set(id, (times.get(id) ?? 0) + 1);
  return instructions
    .map((instruction) => {
      const problems = problemsOf(mapping, instruction);
      if ((times.get(instruction.source) ?? 0) > 1) problems.push(problem('MAPPED_TWICE', { source: instruction.source }));
      return { instruction, problems };
    })
    .filter(({ problems }) => problems.length > 0);
}

function problemsOf(mapping: Mapping, instruction: MigrationInstruction): MigrationProblem[] {
  const source = findActivity(mapping.source, instruction.source);
  const target = findActivity(mapping.target, instruction.target);
  const unknown: MigrationProblem[] = [];
  if (!source) unknown.push(problem('SOURCE_UNKNOWN', { source: instruction.source }));
  if (!target) unknown.push(problem('TARGET_UNKNOWN', { target: instruction.target }));
  if (!source || !target) return unknown;
  const mapped = { instruction, source, target };
  return CHECKS.flatMap((check) => check(mapped, mapping));
}

type Check = (mapped: MappedActivity, mapping: Mapping) => MigrationProblem[];

const CHECKS: readonly Check[] = [sameKind, sameEvent, triggerToUpdate, ancestorIsKept, eventScopeIsKept, loopIsKept, gatewayIsKept];

function sameKind({ source, target }: MappedActivity): MigrationProblem[] {
  const [from, to] = [kindOf(source), kindOf(target)];
  return from === to ? [] : [problem('TYPE_DIFFERS', { source: activityId(source), from, target: activityId(target), to })];
}

function sameEvent({ source, target }: MappedActivity): MigrationProblem[] {
  const [from, to] = [eventKindOf(source.element), eventKindOf(target.element)];
  if (from === to || source.element.type !== target.element.type) return [];
  return [problem('EVENT_TYPE_DIFFERS', { source: activityId(source), from, target: activityId(target), to })];
}

function triggerToUpdate({ instruction, source }: MappedActivity): MigrationProblem[] {
  if (instruction.updateEventTrigger && (source.isBody || !hasTrigger(source.element)))
    return [problem('TRIGGER_MISSING', { source: activityId(source) })];
  // Its condition is part of the model, so the new one counts in any case.
  if (!instruction.updateEventTrigger && isConditional(source.element))
    return [problem('CONDITION_NOT_UPDATED', { source: activityId(source) })];
  return [];
}

/** What is nested in one version has to stay so: scopes can be put in between and taken away, but not be swapped. */
function ancestorIsKept({ source, target }: MappedActivity, mapping: Mapping): MigrationProblem[] {
  const ancestor = closestMapped(mapping, source);
  if (scopesAround(mapping.target, target).some((scope) => keyOf(scope) === keyOf(ancestor.target))) return [];
  const params = { source: activityId(ancestor.source), scope: activityId(ancestor.target), target: activityId(target) };
  return [problem('ANCESTOR_DIFFERS', params)];
}

function closestMapped(mapping: Mapping, source: Activity): MappedActivity {
  for (const scope of scopesAround(mapping.source, source)) {
    const mapped = mappedFrom(mapping, scope);
    if (mapped) return mapped;
  }
  throw new Error(`Expected ${activityId(source)} to be inside its process, but it is not`);
}

function eventScopeIsKept({ source, target }: MappedActivity, mapping: Mapping): MigrationProblem[] {
  const from = eventScopeOf(mapping.source, source);
  const to = eventScopeOf(mapping.target, target);
  if (!from || !to) return [];
  const mapped = mappedFrom(mapping, from);
  return mapped && keyOf(mapped.target) === keyOf(to)
    ? []
    : [
        problem('EVENT_SCOPE_DIFFERS', {
          source: activityId(source),
          from: activityId(from),
          target: activityId(target),
          to: activityId(to),
        }),
      ];
}

/** A loop cannot be put around what runs; the runs of a mapped loop go with it. */
function loopIsKept({ source, target }: MappedActivity, mapping: Mapping): MigrationProblem[] {
  const added: Activity[] = [];
  for (const scope of scopesAround(mapping.target, target)) {
    if (mapping.byTarget.has(keyOf(scope))) break;
    if (scope.isBody) added.push(scope);
  }
  const [body] = added;
  if (body) return [problem('LOOP_ADDED', { target: activityId(target), loop: activityId(body) })];
  if (!source.isBody || !isLooped(target.element)) return [];
  const run = mappedFrom(mapping, { element: source.element, isBody: false });
  return run && keyOf(run.target) === keyOf({ element: target.element, isBody: false })
    ? []
    : [problem('LOOP_RUN_NOT_MAPPED', { source: activityId(source), run: source.element.id, target: target.element.id })];
}

/** Else more tokens could wait at the gateway than it has flows, and nothing would ever let it go on. */
function gatewayIsKept({ source, target }: MappedActivity, mapping: Mapping): MigrationProblem[] {
  if (!isJoin(source.element) && !isJoin(target.element)) return [];
  const problems: MigrationProblem[] = [];
  if (source.element.incoming.length > target.element.incoming.length)
    problems.push(problem('GATEWAY_HAS_FEWER_FLOWS', { source: activityId(source), target: activityId(target) }));
  const [scope] = scopesAround(mapping.source, source);
  if (scope && !mappedFrom(mapping, scope))
    problems.push(problem('GATEWAY_SCOPE_NOT_MAPPED', { source: activityId(source), scope: activityId(scope) }));
  if ((mapping.byTarget.get(keyOf(target))?.length ?? 0) > 1)
    problems.push(problem('GATEWAY_MAPPED_TWICE', { target: activityId(target) }));
  return problems;
}

export function problem(code: MigrationProblemCode, params: Readonly<Record<string, string>>): MigrationProblem {
  return { code, params };
}
