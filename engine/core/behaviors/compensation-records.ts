import { isMultiInstanceItem } from '../instance-tree.ts';
import type { Element, ProcessModel } from '../model.ts';
import { emit, type Token } from '../run.ts';
import type { Variables } from '../values.ts';
import { isScope, startEventOf } from './event-sub-processes.ts';
import { ownVariable } from './variables.ts';

/**
 * The activity is done: what undoes it is remembered, until the scope around it is gone.
 * What itself runs as part of a compensation is not compensated (BPMN 2.0.2, 13.5.5).
 */
export function recordCompensation(token: Token): void {
  const { run, state, model, element, instance } = token;
  if (instance.thrower !== undefined) return;
  const handler = instance.phase === 'body' ? null : handlerOf(model, element);
  if (handler === null && !state.compensations.some(({ scope }) => scope === instance.id)) return;
  const variables = snapshotOf(token, handler);
  const record = { id: instance.id, element: element.index, handler, scope: instance.scope, ...(variables && { variables }) };
  emit(run, state, { instance: state.id, type: 'CompensationRecorded', record });
}

/** The handler of an activity takes the place of what is inside it. */
function handlerOf(model: ProcessModel, element: Element): number | null {
  if (element.compensationHandler !== undefined) return element.compensationHandler;
  return compensationEventSubProcess(model, element) ?? null;
}

export function compensationEventSubProcess(model: ProcessModel, element: Element): number | undefined {
  if (!isScope(element)) return undefined;
  return element.eventSubProcesses.find((index) => startEventOf(model, index).event.type === 'compensation');
}

/** A handler beside the activity sees the scope as it is by then; only a multi-instance item hands on which one it was. */
function snapshotOf({ state, element, instance }: Token, handler: number | null): Variables | undefined {
  const { variables } = instance;
  if (!variables) return undefined;
  if (handler === null || handler !== element.compensationHandler) return { ...variables };
  if (!isMultiInstanceItem(state, instance)) return undefined;
  const { loopCounter } = variables;
  const name = element.multiInstance?.elementVariable;
  const own = name === undefined ? undefined : ownVariable(instance, name);
  return { ...(loopCounter && { loopCounter }), ...(name !== undefined && own && { [name]: own }) };
}
