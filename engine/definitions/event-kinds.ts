import type { EventDefinition, VariableChange } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { expressionOf, formalExpression, splitList } from './expression-source.ts';
import { compileCallMappings } from './mappings.ts';
import { flag, one, referredId, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

type Kind<T extends EventDefinition['type']> = Extract<EventDefinition, { type: T }>;

export function isThrowing(node: ModdleElement): boolean {
  return node.$type === 'bpmn:IntermediateThrowEvent' || node.$type === 'bpmn:EndEvent';
}

export function isProcessStart(node: ModdleElement): boolean {
  return node.$type === 'bpmn:StartEvent' && node.$parent?.$type === 'bpmn:Process';
}

/** @see https://docs.camunda.org/manual/7.24/reference/bpmn20/events/signal-events/ */
export function compileSignal(node: ModdleElement, definition: ModdleElement, compilation: Compilation): Kind<'signal'> {
  const id = node.id as string;
  const signal = one(definition, 'signalRef');
  const name = signal && text(signal, 'name');
  if (name === undefined) compilation.report(id, 'SIGNAL_MISSING');
  const compiled: Kind<'signal'> = { type: 'signal', name: expressionOf(name ?? '') };
  if (compiled.name.language === 'juel' && isProcessStart(node)) compilation.report(id, 'START_NAME_EXPRESSION');
  if (!isThrowing(node)) return compiled;
  const payload = compileCallMappings(definition, compilation, id);
  return {
    ...compiled,
    ...(payload.in.length > 0 && { in: payload.in }),
    ...(payload.businessKey && { businessKey: payload.businessKey }),
    ...(flag(definition, 'camunda:async') && { async: true }),
  };
}

/** What `errorRef` says. One that is not declared counts as the code itself, as in Camunda 7. */
export function errorOf(definition: ModdleElement): { code?: string | undefined; message?: string | undefined } {
  const error = one(definition, 'errorRef');
  if (!error) return { code: referredId(definition, 'errorRef') };
  return { code: text(error, 'errorCode'), message: text(error, 'camunda:errorMessage') };
}

/** @see https://docs.camunda.org/manual/7.24/reference/bpmn20/events/escalation-events/ */
export function compileEscalation(node: ModdleElement, definition: ModdleElement, compilation: Compilation): Kind<'escalation'> {
  const escalation = one(definition, 'escalationRef');
  const code = escalation && text(escalation, 'escalationCode');
  if (isThrowing(node) && code === undefined) compilation.report(node.id as string, 'ESCALATION_MISSING');
  const codeVariable = text(definition, 'camunda:escalationCodeVariable');
  return {
    type: 'escalation',
    ...(code !== undefined && { code: expressionOf(code) }),
    ...(codeVariable !== undefined && { codeVariable }),
  };
}

/** @see https://docs.camunda.org/manual/7.24/reference/bpmn20/events/conditional-events/ */
export function compileConditional(node: ModdleElement, definition: ModdleElement, compilation: Compilation): Kind<'conditional'> {
  const id = node.id as string;
  const source = one(definition, 'condition');
  const condition = source && formalExpression(source, id, compilation);
  if (!condition) compilation.report(id, 'CONDITIONAL_MISSING');
  const variableName = text(definition, 'camunda:variableName');
  const variableEvents = splitList(text(definition, 'camunda:variableEvents') ?? '').filter((event): event is VariableChange => {
    if (event === 'create' || event === 'update' || event === 'delete') return true;
    compilation.report(id, 'VARIABLE_EVENT_UNKNOWN', { value: event });
    return false;
  });
  return {
    type: 'conditional',
    condition: condition ?? { language: 'literal', value: 'false' },
    ...(variableName !== undefined && { variableName }),
    ...(variableEvents.length > 0 && { variableEvents }),
  };
}
