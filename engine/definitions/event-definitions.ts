import type { EventDefinition, Expression, TimerDefinition } from '#engine/core/model.ts';
import { literalTimer } from '#engine/expressions/timer.ts';
import type { Compilation } from './compilation.ts';
import { expressionOf, formalExpression } from './expression-source.ts';
import { many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { serviceImplementation } from './service-implementation.ts';

type EventKind = EventDefinition['type'];

/** The event's definition, checked against what its position allows. */
export function compileEventDefinition(node: ModdleElement, allowed: readonly EventKind[], compilation: Compilation): EventDefinition {
  const definitions = [...many(node, 'eventDefinitions'), ...many(node, 'eventDefinitionRef')];
  if (definitions.length > 1) compilation.report(node.id as string, 'MULTIPLE_EVENT_DEFINITIONS');
  const definition = definitions[0];
  const kind = definition ? kindOf(definition) : 'none';
  if (kind === null || !allowed.includes(kind)) {
    const type = definition?.$type.replace('bpmn:', '') ?? '—';
    compilation.report(node.id as string, 'UNSUPPORTED_EVENT', { type, allowed: allowed.join(', ') });
    return { type: 'none' };
  }
  return definition ? compileKind(node, definition, kind, compilation) : { type: 'none' };
}

const kinds: Readonly<Record<string, EventKind>> = {
  'bpmn:MessageEventDefinition': 'message',
  'bpmn:TimerEventDefinition': 'timer',
  'bpmn:ErrorEventDefinition': 'error',
  'bpmn:TerminateEventDefinition': 'terminate',
};
const kindOf = (definition: ModdleElement) => kinds[definition.$type] ?? null;

function compileKind(node: ModdleElement, definition: ModdleElement, kind: EventKind, compilation: Compilation): EventDefinition {
  switch (kind) {
    case 'none':
    case 'terminate':
      return { type: kind };
    case 'message':
      return compileMessage(node, definition, compilation);
    case 'timer':
      return { type: 'timer', ...compileTimer(node, definition, compilation) };
    case 'error':
      return compileError(node, definition, compilation);
  }
}

function compileMessage(node: ModdleElement, definition: ModdleElement, compilation: Compilation): EventDefinition {
  const throwing = node.$type === 'bpmn:IntermediateThrowEvent' || node.$type === 'bpmn:EndEvent';
  const implementation = throwing ? serviceImplementation(definition, node.id as string, compilation) : undefined;
  const name = messageOf(definition);
  if (!name && !implementation) compilation.report(node.id as string, 'MESSAGE_MISSING');
  return { type: 'message', name: name ?? { language: 'literal', value: '' }, ...(implementation && { implementation }) };
}

/** The name of the message that `messageRef` points to; names may be expressions. */
export function messageOf(holder: ModdleElement): Expression | undefined {
  const message = one(holder, 'messageRef');
  const name = message && text(message, 'name');
  return name === undefined ? undefined : expressionOf(name);
}

function compileTimer(node: ModdleElement, definition: ModdleElement, compilation: Compilation): TimerDefinition {
  const id = node.id as string;
  for (const [property, kind] of [
    ['timeDate', 'date'],
    ['timeDuration', 'duration'],
    ['timeCycle', 'cycle'],
  ] as const) {
    const source = one(definition, property);
    const expression = source && formalExpression(source, id, compilation);
    if (!expression) continue;
    if (expression.language === 'literal' && !literalTimer(kind, expression.value))
      compilation.report(id, 'TIMER_INVALID', { value: expression.value });
    if (kind === 'cycle' && !mayRepeat(node)) compilation.report(id, 'TIMER_CYCLE_POSITION');
    return { kind, expression };
  }
  compilation.report(id, 'TIMER_MISSING');
  return { kind: 'duration', expression: { language: 'literal', value: 'PT0S' } };
}

/** Start events of processes and non-interrupting events stay after they fired, so they can fire again. */
function mayRepeat(node: ModdleElement): boolean {
  if (node.$type === 'bpmn:StartEvent') return node.$parent?.$type === 'bpmn:Process' || node.get('isInterrupting') === false;
  return node.$type === 'bpmn:BoundaryEvent' && node.get('cancelActivity') === false;
}

function compileError(node: ModdleElement, definition: ModdleElement, compilation: Compilation): EventDefinition {
  const error = one(definition, 'errorRef');
  const code = error && text(error, 'errorCode');
  const message = error && text(error, 'camunda:errorMessage');
  const throwing = node.$type === 'bpmn:EndEvent';
  if (throwing && code === undefined) compilation.report(node.id as string, 'ERROR_MISSING');
  const codeVariable = text(definition, 'camunda:errorCodeVariable');
  const messageVariable = text(definition, 'camunda:errorMessageVariable');
  return {
    type: 'error',
    ...(code !== undefined && { code: expressionOf(code) }),
    ...(message !== undefined && { message: expressionOf(message) }),
    ...(codeVariable !== undefined && { codeVariable }),
    ...(messageVariable !== undefined && { messageVariable }),
  };
}
