import { elementToBegin, splitIds } from '../ad-hoc-elements.ts';
import { Failure } from '../failure.ts';
import { isScopeEmpty } from '../instance-tree.ts';
import type { AdHocSubProcess } from '../model.ts';
import { emit, type Token } from '../run.ts';
import type { Variables } from '../values.ts';
import { cancelChildren } from './cancel.ts';
import { completeElement } from './complete-element.ts';
import { beginElement } from './enter-element.ts';
import { contextOf, evaluate, isTrue, textOf } from './evaluation.ts';
import { openEventSubProcesses } from './event-sub-processes.ts';

type AdHocToken = Token<AdHocSubProcess>;

/** `activeElements` begin, if it is sequential one after the other; all else waits for `activateInside`. */
export function startAdHoc(token: AdHocToken): void {
  openEventSubProcesses(token);
  const ids = activeElementsOf(token);
  if (ids.length === 0) return;
  const elements = ids.map((id) => requireElement(token, id));
  const now = token.element.sequential ? elements.slice(0, 1) : elements;
  if (now.length < elements.length) remember(token, elements.slice(1), false);
  for (const element of now) begin(token, element);
}

/**
 * Something inside is done (BPMN 2.0.2, 13.3.5): the completion condition is asked. Without one, the sub-process completes
 * when nothing is active any more.
 */
export function adHocChildCompleted(token: AdHocToken): void {
  const { run, state, element, instance } = token;
  const { waiting, closing } = instance.adHoc ?? { waiting: [], closing: false };
  const { completionCondition } = element;
  if (!closing && completionCondition && isTrue(run, completionCondition, contextOf(token))) return completeAdHoc(token);
  if (!isScopeEmpty(state, instance.id)) return;
  const [next, ...rest] = waiting;
  if (closing || (next === undefined && !completionCondition)) return completeElement(token);
  if (next === undefined) return;
  remember(token, rest, false);
  begin(token, next);
}

/** Nothing begins any more: what is active is canceled, or has time to finish. */
export function completeAdHoc(token: AdHocToken): void {
  const { state, element, instance } = token;
  if (!element.cancelRemaining && !isScopeEmpty(state, instance.id)) return remember(token, [], true);
  cancelChildren(token);
  completeElement(token);
}

/**
 * Begins elements on request, each with local variables of its own. Returns their element instances.
 * @throws Failure `AD_HOC_CLOSING`, `AD_HOC_BUSY`, `AD_HOC_ELEMENT_INVALID`
 */
export function activateInside(token: AdHocToken, requested: readonly { id: string; variables?: Variables }[]): number[] {
  const { state, element, instance } = token;
  if (instance.adHoc?.closing) {
    throw new Failure('AD_HOC_CLOSING', `Expected ${element.id} to be open, but it only waits for its last activities`, element.id);
  }
  if (element.sequential && (requested.length > 1 || !isScopeEmpty(state, instance.id))) {
    throw new Failure('AD_HOC_BUSY', `Expected one activity at a time in the sequential ${element.id}, but it would have more`, element.id);
  }
  const elements = requested.map(({ id, variables }) => ({ index: requireElement(token, id), variables }));
  return elements.map(({ index, variables }) => begin(token, index, variables));
}

function requireElement({ model, element }: AdHocToken, id: string): number {
  const index = elementToBegin(model, element, id);
  if (index !== undefined) return index;
  throw new Failure(
    'AD_HOC_ELEMENT_INVALID',
    `Expected an activity inside ${element.id} that no flow leads to, but it is ${id}`,
    element.id,
  );
}

function begin({ run, state, model, instance }: AdHocToken, element: number, variables?: Variables): number {
  return beginElement(run, state, model, { element, scope: instance.id, flow: null, ...(variables && { variables }) }).instance.id;
}

function remember({ run, state, instance }: AdHocToken, waiting: number[], closing: boolean): void {
  emit(run, state, { instance: state.id, type: 'AdHocChanged', id: instance.id, waiting, closing });
}

function activeElementsOf(token: AdHocToken): string[] {
  const { run, element } = token;
  if (!element.activeElements) return [];
  const value = evaluate(run, element.activeElements, contextOf(token));
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(textOf) : splitIds(textOf(value));
}
