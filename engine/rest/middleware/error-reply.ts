import type { Failure } from '#engine/core/failure.ts';
import { RequestError } from '#engine/errors.ts';
import type { Locale } from '../messages/message-text.ts';
import { messageText } from '../messages/message-text.ts';

/** What every error has for the wire, whatever its family. `hidden`: our bug, the caller only learns the request id. */
export interface WireError {
  status: number;
  code: string;
  message: string;
  details: Readonly<Record<string, unknown>>;
  hidden: boolean;
}

export function toWireError(error: unknown): WireError {
  if (error instanceof RequestError)
    return { status: error.status, code: error.code, message: error.message, details: error.details ?? {}, hidden: false };
  if (isTransient(error)) return { status: 503, code: error.code, message: error.message, details: {}, hidden: false };
  if (isFailure(error))
    return { status: 422, code: error.code, message: error.message, details: { elementId: error.elementId ?? '' }, hidden: false };
  return {
    status: 500,
    code: 'INTERNAL',
    message: 'Expected to handle the request, but an internal error happened',
    details: {},
    hidden: true,
  };
}

const isTransient = (error: unknown): error is Error & { code: string } => error instanceof Error && error.name === 'TransientError';
/** By name: core's class may be there twice when a worker rebuilt the error. */
const isFailure = (error: unknown): error is Failure => error instanceof Error && error.name === 'Failure';

/** RFC 9457, in the caller's language. */
export function problemDetails(error: WireError, locale: Locale, requestId: string): Record<string, unknown> {
  const params = { ...error.details, requestId };
  const detail = textOf(error, locale, params);
  const body: Record<string, unknown> = {
    type: 'about:blank',
    title: messageText(locale, `title.${error.status}`) ?? messageText(locale, 'title.400'),
    status: error.status,
    code: error.code,
    detail,
    requestId,
  };
  if (Array.isArray(error.details['errors'])) body['errors'] = error.details['errors'];
  if (Array.isArray(error.details['problems'])) body['problems'] = error.details['problems'];
  return body;
}

function textOf(error: WireError, locale: Locale, params: Record<string, unknown>): string | null {
  const known = messageText(locale, error.code, params);
  if (known) return known;
  const own = error.details['messages'];
  if (own !== null && typeof own === 'object') {
    const text = (own as Record<string, unknown>)[locale];
    if (typeof text === 'string') return text;
  }
  if (locale === 'en' && !error.hidden) return error.message;
  return messageText(locale, `detail.${error.status}`, params) ?? messageText(locale, 'detail.400', params);
}

/** Class names that Camunda's clients look at, where the status alone does not say which. */
const CAMUNDA_TYPES: Readonly<Record<string, string>> = {
  DEPLOYMENT_REFUSED: 'ParseException',
  MIGRATION_PLAN_INVALID: 'MigrationPlanValidationException',
  MIGRATION_REFUSED: 'MigratingProcessInstanceValidationException',
  MISMATCHING_MESSAGE: 'RestException',
  TASK_ALREADY_CLAIMED: 'TaskAlreadyClaimedException',
};
/** Camunda has no 409, 422: a lost claim or a failing model is a ProcessEngineException, 500. */
const CAMUNDA_STATUS: Readonly<Record<number, number>> = { 409: 500, 422: 500 };

/**
 * Camunda 7's form. `InvalidRequestException` for what the caller sent, `AuthorizationException` for 403, `RestException` else.
 * @see https://docs.camunda.org/manual/7.24/reference/rest/overview/#error-handling
 */
export function camundaError(
  error: WireError,
  remap: Readonly<Record<number, number>> | undefined,
): { status: number; body: Record<string, unknown> } {
  const status = remap?.[error.status] ?? CAMUNDA_STATUS[error.status] ?? error.status;
  const type = CAMUNDA_TYPES[error.code] ?? typeOf(error.status, status);
  const body: Record<string, unknown> = { type, message: error.message, code: type === 'TaskAlreadyClaimedException' ? 1 : 0 };
  if (error.status === 403) body['userId'] = error.details['userId'] ?? null;
  if (error.code === 'DEPLOYMENT_REFUSED') Object.assign(body, parseError(error));
  if (error.details['validationReport'] !== undefined) body['validationReport'] = error.details['validationReport'];
  return { status, body };
}

function typeOf(own: number, camunda: number): string {
  if (own === 401) return 'AuthenticationException';
  if (own === 403) return 'AuthorizationException';
  if (own === 422 || (own === 409 && camunda === 500)) return 'ProcessEngineException';
  if (camunda >= 500) return 'RestException';
  return own === 400 || own === 404 || own === 413 || own === 415 ? 'InvalidRequestException' : 'RestException';
}

interface DeployProblem {
  resource?: string;
  elementId?: string | null;
  message?: string;
  severity?: 'error' | 'warning';
}

/** The Modeler knows parse errors by the message's prefix and shows `details` per resource. */
function parseError(error: WireError): Record<string, unknown> {
  const problems = (error.details['problems'] ?? []) as DeployProblem[];
  const details: Record<string, { errors: object[]; warnings: object[] }> = {};
  for (const { resource = 'unknown', elementId, message = '', severity } of problems) {
    const entry = (details[resource] ??= { errors: [], warnings: [] });
    const ids = elementId ? [elementId] : [];
    (severity === 'warning' ? entry.warnings : entry.errors).push({ message, line: 0, column: 0, mainElementId: elementId ?? null, elementIds: ids });
  }
  const first = problems
    .filter(({ severity }) => severity !== 'warning')
    .map((problem) => `${problem.message ?? ''} | ${problem.resource ?? ''}${problem.elementId ? ` | ${problem.elementId}` : ''}`)
    .join('\n* ');
  return { message: `ENGINE-09005 Could not parse BPMN process. Errors: \n* ${first}`, details };
}
