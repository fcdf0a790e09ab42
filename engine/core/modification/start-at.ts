import { Failure } from '../failure.ts';
import { isEventSubProcess, isLooped } from '../instance-tree.ts';
import type { BoundaryEvent, Element, ProcessModel, SequenceFlow } from '../model.ts';
import { elementAt, emit, type Run, schedule, type Token, tokenOf } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { typed } from '../values.ts';
import { openBoundaryEvents } from '../behaviors/boundary-events.ts';
import { cancelElement } from '../behaviors/cancel.ts';
import { activateElement, enterElement, enterItem } from '../behaviors/enter-element.ts';
import { clearScope, isScope, openEventSubProcesses, type ScopeElement, startEventOf } from '../behaviors/event-sub-processes.ts';
import { isJoin } from '../behaviors/join.ts';
import { runListeners, runTakeListeners } from '../behaviors/listeners.ts';
import { interrupts } from '../behaviors/stays-open.ts';
import { mapInputs } from '../behaviors/variable-mapping.ts';
import { setLocalVariable, setLocalVariables, setVariables } from '../behaviors/variables.ts';
import { BODY_SUFFIX, type StartInstruction } from './instructions.ts';
import { findLevel, type Level, levelsAround } from './levels.ts';

/** What an instruction begins: an element, one run of a looped element, or the step over a sequence flow. */
type Goal = { kind: 'element' | 'item'; element: Element } | { kind: 'flow'; element: Element; flow: SequenceFlow };

/**
 * Begins an element inside a running instance, with the scopes around it that are not there yet: their listeners run, their
 * boundary events and event sub-processes wait. The steps are put on the agenda.
 * @throws Failure `MODIFICATION_INVALID`
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/process-instance-modification/
 */
export function startAt(run: Run, state: InstanceState, instruction: StartInstruction): void {
  const model = run.ports.model(state.definitionId);
  const goal = goalOf(model, instruction);
  const levels = levelsAround(model, goal.element);
  if (goal.kind === 'item') levels.push({ element: goal.element, kind: 'body' });
  const found = findLevel(state, levels, instruction.ancestor);
  let scope = tokenOf(run, state, found.instance);
  const missing = levels.slice(found.at + 1);
  missing.forEach((level, index) => {
    scope = openLevel(scope, level, missing[index + 1]?.element ?? goal.element);
  });
  setVariables(scope, instruction.variables ?? {});
  reach(scope, goal, instruction);
}

function goalOf(model: ProcessModel, { type, target }: StartInstruction): Goal {
  if (type === 'startTransition') {
    const flow = model.flows.find(({ id }) => id === target);
    if (!flow) throw invalid(`Expected a sequence flow ${target} in process ${model.key}, but there is none`);
    return { kind: 'flow', element: elementAt(model, flow.source), flow };
  }
  const isBody = target.endsWith(BODY_SUFFIX);
  const id = isBody ? target.slice(0, -BODY_SUFFIX.length) : target;
  const index = model.indexById[id];
  const element = index === undefined || index === 0 ? undefined : model.elements[index];
  if (!element || (isBody && !isLooped(element)))
    throw invalid(`Expected an activity ${target} in process ${model.key}, but there is none`);
  if (type === 'startAfter') {
    const [flow, ...more] = element.outgoing;
    if (flow === undefined || more.length > 0)
      throw invalid(
        `Expected one sequence flow to leave ${target}, but there are ${element.outgoing.length}: name one by startTransition`,
        id,
      );
    return { kind: 'flow', element, flow: model.flows[flow] as SequenceFlow };
  }
  if (isForCompensation(model, element)) throw invalid(`Expected an element that flows lead to, but ${target} is for compensation`, id);
  return { kind: isLooped(element) && !isBody ? 'item' : 'element', element };
}

function isForCompensation(model: ProcessModel, element: Element): boolean {
  if (element.isForCompensation) return true;
  if (isEventSubProcess(element)) return isForCompensation(model, startEventOf(model, element.index));
  return (element.type === 'bpmn:BoundaryEvent' || element.type === 'bpmn:StartEvent') && element.event.type === 'compensation';
}

/** Makes one missing level inside `scope`. `next`: what will begin inside it. */
function openLevel(scope: Token, { element, kind }: Level, next: Element): Token {
  const { run, state, model } = scope;
  const at = { element: element.index, scope: scope.instance.id, flow: null };
  if (kind === 'body') {
    const body = activateElement(run, state, model, at, 'body');
    openBoundaryEvents(body);
    const total = element.standardLoop ? null : 0;
    emit(run, state, { instance: state.id, type: 'LoopStarted', id: body.instance.id, total, items: null });
    return body;
  }
  if (isEventSubProcess(element) && next.type === 'bpmn:StartEvent') interruptFor(scope, element);
  const isItem = scope.instance.element === element.index;
  const counter = isItem ? addItem(scope) : null;
  const opened = activateElement(run, state, model, at, 'active') as Token<ScopeElement>;
  if (counter !== null) setLocalVariable(opened, 'loopCounter', typed(counter));
  mapInputs(opened);
  if (!isItem) openBoundaryEvents(opened);
  runListeners(opened, 'start');
  if (isScope(opened.element)) openEventSubProcesses(opened);
  return opened;
}

function reach(scope: Token, goal: Goal, { localVariables = {} }: StartInstruction): void {
  const { run, state, model } = scope;
  const { element } = goal;
  const to = { element: element.index, scope: scope.instance.id, flow: null as number | null, variables: localVariables };
  if (goal.kind === 'flow') {
    runTakeListeners(scope, element, goal.flow);
    return enterElement(run, state, model, { ...to, element: goal.flow.target, flow: goal.flow.index });
  }
  if (goal.kind === 'item') {
    const counter = addItem(scope);
    const item = enterItem(scope);
    setLocalVariable(item, 'loopCounter', typed(counter));
    return setLocalVariables(item, localVariables);
  }
  if (isEventSubProcess(element)) {
    interruptFor(scope, element);
    const token = activateElement(run, state, model, to, 'active');
    setLocalVariables(token, localVariables);
    return schedule(token);
  }
  if (element.type === 'bpmn:BoundaryEvent' && interrupts(element)) cancelHost(scope, element);
  if (isJoin(element)) {
    const full = new Set(
      state.arrivals.filter((arrival) => arrival.gateway === element.index && arrival.scope === to.scope).map(({ flow }) => flow),
    );
    to.flow = element.incoming.find((flow) => !full.has(flow)) ?? element.incoming[0] ?? null;
  }
  enterElement(run, state, model, to);
}

/** One more run in the body of a loop; returns its counter. @throws Failure `MODIFICATION_INVALID` where only one may be active */
function addItem({ run, state, element, instance }: Token): number {
  const loop = instance.loop;
  if (!loop) throw new Error(`Expected the body of ${element.id} to have begun, but it has not`);
  const { total, completed, active, skipped = 0 } = loop;
  const isSequential = total === null || element.multiInstance?.sequential === true;
  const advance = { instance: state.id, type: 'LoopAdvanced', id: instance.id, completed, active: active + 1 } as const;
  if ((isSequential && active > 0) || state.jobs.some(({ kind, owner }) => kind === 'loop' && owner === instance.id))
    throw invalid(
      `Expected a loop that another run may begin in, but ${element.id} is ${isSequential ? 'sequential' : 'still starting its runs'}`,
      element.id,
    );
  if (total === null) {
    emit(run, state, advance);
    return completed;
  }
  const begun = completed + active + skipped;
  emit(run, state, { ...advance, total: isSequential && begun < total ? total : total + 1 });
  return begun;
}

/** As when its event had come. */
function interruptFor(scope: Token, eventSubProcess: Element): void {
  if (interrupts(startEventOf(scope.model, eventSubProcess.index))) clearScope(scope);
}

/** An interrupting boundary event ends the activity that it is attached to, if that is active. */
function cancelHost({ run, state, instance: scope }: Token, { attachedTo, id }: BoundaryEvent): void {
  const hosts = state.elements.filter((instance) => instance.element === attachedTo && instance.scope === scope.id);
  const [host] = hosts;
  if (hosts.length > 1) throw invalid(`Expected one activity to leave by ${id}, but ${hosts.length} are active`, id);
  if (host) cancelElement({ run, state, instance: host });
}

const invalid = (message: string, elementId: string | null = null) => new Failure('MODIFICATION_INVALID', message, elementId);
