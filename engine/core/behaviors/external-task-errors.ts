import type { ExternalTaskError } from '../model.ts';
import { emit, type Token } from '../run.ts';
import { type BpmnError, throwError } from './errors.ts';
import { contextOf, evaluateText, isTrue } from './evaluation.ts';
import { resolveIncidents } from './incidents.ts';

/** The worker, or a `camunda:errorEventDefinition` of the task, ends it with a BPMN error. */
export function endWithError(token: Token, workerId: string | null, error: BpmnError): void {
  const { run, state, element, instance } = token;
  resolveIncidents(run, state, instance.id);
  emit(run, state, {
    instance: state.id,
    type: 'ExternalTaskEnded',
    id: instance.id,
    element: element.index,
    reason: 'error',
    worker: workerId,
  });
  throwError(token, error);
}

/** The first error definition whose expression is true is thrown; false when there is none. */
export function throwMappedError(token: Token, workerId: string | null, message: string | null = null): boolean {
  const context = contextOf(token);
  const match = errorDefinitions(token).find(({ expression }) => isTrue(token.run, expression, context));
  if (!match) return false;
  endWithError(token, workerId, { code: evaluateText(token.run, match.code, context) ?? '', message, variables: {} });
  return true;
}

function errorDefinitions({ element }: Token): ExternalTaskError[] {
  const implementation =
    'implementation' in element
      ? element.implementation
      : 'event' in element && element.event.type === 'message'
        ? element.event.implementation
        : undefined;
  return implementation?.kind === 'external' ? implementation.errors : [];
}
