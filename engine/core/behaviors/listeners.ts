import { Failure } from '../failure.ts';
import type { Element, ExecutionListener, Expression, SequenceFlow } from '../model.ts';
import type { EvaluationContext } from '../ports.ts';
import { type Place, type Run, type Token, tokenOf } from '../run.ts';
import { contextAt, evaluate } from './evaluation.ts';

/**
 * Runs the execution listeners of one event in the order of the model; they may write variables, their results count for nothing.
 * As in Camunda 7: `start` after the input parameters and before the work, `end` before the output parameters.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/delegation-code/#execution-listener
 */
export function runListeners(token: Token, event: ExecutionListener['event']): void {
  const { run, element } = token;
  if (!element.listeners || run.skipListeners) return;
  const context = contextAt(token, element, true, { name: event });
  for (const listener of element.listeners) if (listener.event === event) runListener(run, listener.expression, context, element.id);
}

/** Listeners of a sequence flow: its source has ended, its target has not begun; variables are those of the scope around both. */
export function runTakeListeners(scope: Place, source: Element, flow: SequenceFlow): void {
  if (!flow.listeners || scope.run.skipListeners) return;
  const context = contextAt(scope, source, true, { name: 'take', transition: flow.id });
  for (const expression of flow.listeners) runListener(scope.run, expression, context, flow.id);
}

/** A canceled element runs its `end` listeners too, but only if it had begun and had not ended. */
export function runListenersOfCanceled({ run, state, instance }: Place): void {
  if (instance.phase !== 'active') return;
  const token = tokenOf(run, state, instance);
  if (!token.element.listeners) return;
  const isYetToBegin = run.agenda.some((step) => step.kind === 'execute' && step.token.instance === instance);
  if (!isYetToBegin) runListeners(token, 'end');
}

/** @throws Failure of the expression, with the element or flow that the listener is of */
export function runListener(run: Run, expression: Expression, context: EvaluationContext, elementId: string): void {
  try {
    evaluate(run, expression, context);
  } catch (error) {
    if (!(error instanceof Failure) || error.elementId !== null) throw error;
    throw new Failure(error.code, error.message, elementId, { cause: error });
  }
}
