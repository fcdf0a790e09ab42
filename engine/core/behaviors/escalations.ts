import { emit, type Token } from '../run.ts';
import { typed } from '../values.ts';
import { caughtBy, findCatcher, triggerCaught } from './find-catcher.ts';

/**
 * Hands an escalation to the nearest one that catches it; false when nobody does, which is no error (BPMN 2.0.2, 10.5.1).
 * @see https://docs.camunda.org/manual/7.24/reference/bpmn20/events/escalation-events/
 */
export function escalate(source: Token, code: string): boolean {
  const { run, state, instance, element } = source;
  const caught = findCatcher(source, 'escalation', code);
  emit(run, state, {
    instance: state.id,
    type: 'EscalationThrown',
    id: instance.id,
    element: element.index,
    code,
    ...caughtBy(source, caught),
  });
  if (!caught) return false;
  const { codeVariable } = caught.definition;
  triggerCaught(caught, { variables: codeVariable ? { [codeVariable]: typed(code) } : {}, localVariables: {} });
  return true;
}
