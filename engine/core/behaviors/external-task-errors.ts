import { Failure } from '../failure.ts';
import { implementationOf } from '../implementation-of.ts';
import type { Expression, ExternalTaskError } from '../model.ts';
import type { EvaluationContext, ExternalTaskView } from '../ports.ts';
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

/** What a worker says when it completes or fails its task. */
export interface WorkerReport {
  workerId: string | null;
  /** Of a failure; null for a completion. */
  failure: { message: string | null; details: string | null } | null;
}

/** The first error definition whose expression is true is thrown, with the error message of the task; false when there is none. */
export function throwMappedError(token: Token, report: WorkerReport): boolean {
  const definitions = errorDefinitions(token);
  if (definitions.length === 0) return false;
  const externalTask = externalTaskView(token, report);
  const context = Object.assign(contextOf(token), { externalTask });
  const match = definitions.find(({ expression }) => matches(token, expression, context, report));
  if (!match) return false;
  const code = evaluateText(token.run, match.code, context) ?? '';
  endWithError(token, report.workerId, { code, message: externalTask.errorMessage, variables: {} });
  return true;
}

/** Where a failure is reported, an expression that fails counts as false, as in Camunda 7: the failure must not get lost by it. */
function matches(token: Token, expression: Expression, context: EvaluationContext, { failure }: WorkerReport): boolean {
  try {
    return isTrue(token.run, expression, context);
  } catch (error) {
    if (failure && error instanceof Failure) return false;
    throw error;
  }
}

function externalTaskView({ instance, element }: Token, { workerId, failure }: WorkerReport): ExternalTaskView {
  const { externalTask } = instance;
  if (!externalTask) throw new Error(`Expected an external task at ${element.id}, but there is none`);
  return {
    id: String(instance.id),
    topicName: externalTask.topic,
    workerId,
    retries: externalTask.retries,
    priority: externalTask.priority,
    errorMessage: failure?.message ?? externalTask.errorMessage,
    errorDetails: failure?.details ?? null,
  };
}

function errorDefinitions({ element }: Token): ExternalTaskError[] {
  const implementation = implementationOf(element);
  return implementation?.kind === 'external' ? implementation.errors : [];
}
