import type { StandardLoop } from '../model.ts';
import { emit, type Token } from '../run.ts';
import type { LoopState } from '../state.ts';
import { typed } from '../values.ts';
import { completeElement } from './complete-element.ts';
import { enterItem } from './enter-element.ts';
import { contextOf, isTrue } from './evaluation.ts';
import { advance } from './loop-counters.ts';
import { setLocalVariable } from './variables.ts';

/**
 * BPMN's loop marker (BPMN 2.0.2, 13.3.6): one run after the other as long as the condition is true. `loopCounter` is the
 * number of the run from 0; the condition sees that of the run that would begin.
 */
export function startStandardLoop(body: Token): void {
  const { run, state, element, instance } = body;
  const { testBefore } = element.standardLoop as StandardLoop;
  emit(run, state, { instance: state.id, type: 'LoopStarted', id: instance.id, total: null, items: null });
  if (testBefore && !goesOn(body)) completeElement(body);
  else startRun(body);
}

export function runCompleted(body: Token): void {
  advance(body, completedRuns(body) + 1, 0);
  if (goesOn(body)) startRun(body);
  else completeElement(body);
}

function goesOn(body: Token): boolean {
  const { condition, maximum } = body.element.standardLoop as StandardLoop;
  if (maximum !== undefined && completedRuns(body) >= maximum) return false;
  return !condition || isTrue(body.run, condition, contextOf(body));
}

function startRun(body: Token): void {
  const counter = completedRuns(body);
  advance(body, counter, 1);
  setLocalVariable(enterItem(body), 'loopCounter', typed(counter));
}

function completedRuns({ instance }: Token): number {
  return (instance.loop as LoopState).completed;
}
