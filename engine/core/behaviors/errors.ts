import { elementInstance, isMultiInstanceItem } from '../instance-tree.ts';
import type { BoundaryEvent, ErrorDefinition, StartEvent } from '../model.ts';
import { elementAt, emit, type Token, tokenOf, scopeOf } from '../run.ts';
import { typed, type Variables } from '../values.ts';
import { triggerBoundaryEvent } from './boundary-events.ts';
import { endPath } from './complete-element.ts';
import { contextAt, evaluateText } from './evaluation.ts';
import { isScope, startEventOf, triggerEventSubProcess } from './event-sub-processes.ts';

export interface BpmnError {
  code: string;
  message: string | null;
  variables: Variables;
}

type ErrorCatcher = BoundaryEvent | StartEvent;
interface Caught {
  /** The host of the boundary event, or the scope of the event sub-process. */
  at: Token;
  catcher: ErrorCatcher;
}

/**
 * Looks for who catches a BPMN error, from its source outwards and on into the calling process.
 * Nobody does: the path ends like at a none end event, as in Camunda 7.
 */
export function throwError(source: Token, error: BpmnError): void {
  const { run, state, instance, element } = source;
  const caught = findCatcher(source, error.code);
  const caughtBy = caught?.catcher.index ?? null;
  const caughtIn = caught && caught.at.state !== state ? { caughtIn: caught.at.state.id } : {};
  const { code, message } = error;
  emit(run, state, {
    instance: state.id,
    type: 'ErrorThrown',
    id: instance.id,
    element: element.index,
    code,
    message,
    caughtBy,
    ...caughtIn,
  });
  if (!caught) return endPath(source);
  const payload = { variables: { ...error.variables, ...errorVariables(caught.catcher, error) }, localVariables: {} };
  const { at, catcher } = caught;
  if (catcher.type === 'bpmn:BoundaryEvent') triggerBoundaryEvent({ ...at, element: catcher }, payload);
  else triggerEventSubProcess({ ...at, element: catcher }, payload);
}

function findCatcher(source: Token, code: string): Caught | undefined {
  const { run } = source;
  let at = source;
  for (;;) {
    const isItem = isMultiInstanceItem(at.state, at.instance);
    const onHost = isItem ? [] : at.element.boundaryEvents.map((index) => elementAt(at.model, index) as BoundaryEvent);
    const boundary = pick(onHost, code, at);
    if (boundary) return { at, catcher: boundary };
    if (at.instance.scope === 0) {
      const { superId, superElementInstance } = at.state;
      const caller = superId === undefined ? undefined : run.root.instances.get(superId);
      if (!caller || superElementInstance === undefined) return undefined;
      at = tokenOf(run, caller, elementInstance(caller, superElementInstance));
      continue;
    }
    const scope = tokenOf(run, at.state, scopeOf(at));
    // What an event sub-process throws is for those around its scope.
    const isFromEventSubProcess = at.element.type === 'bpmn:SubProcess' && at.element.triggeredByEvent;
    if (!isItem && !isFromEventSubProcess && isScope(scope.element)) {
      const starts = scope.element.eventSubProcesses.map((index) => startEventOf(scope.model, index));
      const start = pick(starts, code, scope);
      if (start) return { at: scope, catcher: start };
    }
    at = scope;
  }
}

/** A catcher of this very code goes before one that catches every error. */
function pick<T extends ErrorCatcher>(candidates: T[], code: string, at: Token): T | undefined {
  let general: T | undefined;
  for (const candidate of candidates) {
    if (candidate.event.type !== 'error') continue;
    if (!candidate.event.code) general ??= candidate;
    else if (evaluateText(at.run, candidate.event.code, contextAt(at, candidate)) === code) return candidate;
  }
  return general;
}

function errorVariables({ event }: ErrorCatcher, { code, message }: BpmnError): Variables {
  const { codeVariable, messageVariable } = event as ErrorDefinition;
  const variables: Variables = {};
  if (codeVariable) variables[codeVariable] = typed(code);
  if (messageVariable) variables[messageVariable] = typed(message);
  return variables;
}
