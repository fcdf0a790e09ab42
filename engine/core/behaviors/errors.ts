import type { ErrorDefinition } from '../model.ts';
import { emit, type Token } from '../run.ts';
import { typed, type Variables } from '../values.ts';
import { endPath } from './complete-element.ts';
import { caughtBy, findCatcher, triggerCaught } from './find-catcher.ts';
import { setVariables } from './variables.ts';

export interface BpmnError {
  code: string;
  message: string | null;
  /** Set where the error is thrown, as in Camunda 7: who catches it in a calling process gets what the call hands over. */
  variables: Variables;
}

/**
 * Hands a BPMN error to the nearest one that catches it. Nobody does: the path ends like at a none end event, as in Camunda 7.
 * A failing expression is no BPMN error.
 */
export function throwError(source: Token, error: BpmnError): void {
  const { run, state, instance, element } = source;
  const { code, message } = error;
  setVariables(source, error.variables);
  const caught = findCatcher(source, 'error', code);
  emit(run, state, {
    instance: state.id,
    type: 'ErrorThrown',
    id: instance.id,
    element: element.index,
    code,
    message,
    ...caughtBy(source, caught),
  });
  if (!caught) return endPath(source);
  triggerCaught(caught, { variables: errorVariables(caught.definition, error), localVariables: {} });
}

function errorVariables({ codeVariable, messageVariable }: ErrorDefinition, { code, message }: BpmnError): Variables {
  const variables: Variables = {};
  if (codeVariable) variables[codeVariable] = typed(code);
  if (messageVariable) variables[messageVariable] = typed(message);
  return variables;
}
