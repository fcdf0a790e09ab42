import type { EventDefinition, Expression, MultipleDefinition, TimerDefinition } from '#engine/core/model.ts';
import { literalTimer } from '#engine/expressions/timer.ts';
import type { Compilation } from './compilation.ts';
import { compileCompensation } from './compile-compensation.ts';
import { compileLink } from './compile-link.ts';
import { compileConditional, compileEscalation, compileSignal, errorOf, isProcessStart, isThrowing } from './event-kinds.ts';
import { expressionOf, formalExpression } from './expression-source.ts';
import { flag, many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { serviceImplementation } from './service-implementation.ts';

type EventKind = EventDefinition['type'];

/** The event's definition, checked against what its position allows; several of them are a multiple event. */
export function compileEventDefinition(node: ModdleElement, allowed: readonly EventKind[], compilation: Compilation): EventDefinition {
  const definitions = [...many(node, 'eventDefinitions'), ...many(node, 'eventDefinitionRef')];
  if (definitions.length > 1) return compileMultiple(node, definitions, allowed, compilation);
  const [definition] = definitions;
  if (definition) return compileOne(node, definition, allowed, compilation) ?? { type: 'none' };
  if (!allowed.includes('none')) refuse(node, '—', allowed, compilation);
  return { type: 'none' };
}

type Single = Exclude<EventDefinition, MultipleDefinition>;
type Compile = (node: ModdleElement, definition: ModdleElement, compilation: Compilation) => Single;

const compilers: Readonly<Record<string, { kind: EventKind; compile: Compile }>> = {
  'bpmn:MessageEventDefinition': { kind: 'message', compile: compileMessage },
  'bpmn:TimerEventDefinition': {
    kind: 'timer',
    compile: (node, definition, compilation) => ({
      type: 'timer',
      ...compileTimer(definition, node.id as string, mayRepeat(node), compilation),
    }),
  },
  'bpmn:SignalEventDefinition': { kind: 'signal', compile: compileSignal },
  'bpmn:ConditionalEventDefinition': { kind: 'conditional', compile: compileConditional },
  'bpmn:ErrorEventDefinition': { kind: 'error', compile: compileError },
  'bpmn:EscalationEventDefinition': { kind: 'escalation', compile: compileEscalation },
  'bpmn:LinkEventDefinition': { kind: 'link', compile: compileLink },
  'bpmn:TerminateEventDefinition': { kind: 'terminate', compile: () => ({ type: 'terminate' }) },
  'bpmn:CompensateEventDefinition': { kind: 'compensation', compile: compileCompensation },
  'bpmn:CancelEventDefinition': { kind: 'cancel', compile: () => ({ type: 'cancel' }) },
};

/** null = refused. */
function compileOne(
  node: ModdleElement,
  definition: ModdleElement,
  allowed: readonly EventKind[],
  compilation: Compilation,
): Single | null {
  const compiler = compilers[definition.$type];
  if (compiler && allowed.includes(compiler.kind)) return compiler.compile(node, definition, compilation);
  refuse(node, definition.$type.replace('bpmn:', ''), allowed, compilation);
  return null;
}

function refuse(node: ModdleElement, type: string, allowed: readonly EventKind[], compilation: Compilation): void {
  compilation.report(node.id as string, 'UNSUPPORTED_EVENT', { type, allowed: allowed.join(', ') });
}

/** What ends, cancels or undoes the scope it stands in is thrown alone. */
const IN_MULTIPLE: readonly EventKind[] = ['message', 'timer', 'signal', 'conditional', 'error', 'escalation'];
const THROWN_IN_MULTIPLE: readonly EventKind[] = ['message', 'signal', 'escalation'];

function compileMultiple(
  node: ModdleElement,
  definitions: ModdleElement[],
  allowed: readonly EventKind[],
  compilation: Compilation,
): EventDefinition {
  const id = node.id as string;
  const kinds = isThrowing(node) ? THROWN_IN_MULTIPLE : IN_MULTIPLE;
  const allowedHere = allowed.filter((kind) => kinds.includes(kind));
  const compiled = definitions
    .flatMap((definition) => compileOne(node, definition, allowedHere, compilation) ?? [])
    .filter(({ type }) => type !== 'none');
  const parallel = !isThrowing(node) && flag(node, 'parallelMultiple');
  // Errors and escalations are not waited for; a process has nothing yet that could remember what has come.
  if (parallel && (isProcessStart(node) || compiled.some(({ type }) => type === 'error' || type === 'escalation')))
    compilation.report(id, 'PARALLEL_MULTIPLE');
  if (parallel && compiled.some((event) => event.type === 'timer' && event.kind === 'cycle'))
    compilation.report(id, 'TIMER_CYCLE_POSITION');
  if (compiled.some((event) => event.type === 'message' && event.implementation)) compilation.report(id, 'MULTIPLE_IMPLEMENTATION');
  return { type: 'multiple', parallel, definitions: compiled };
}

function compileMessage(node: ModdleElement, definition: ModdleElement, compilation: Compilation): Single {
  const implementation = isThrowing(node) ? serviceImplementation(definition, node.id as string, compilation) : undefined;
  const name = messageOf(definition);
  if (!name && !implementation) {
    // Camunda 7 sends nothing of its own accord, so nothing is missing there.
    compilation.report(node.id as string, isThrowing(node) ? 'MESSAGE_UNSENT' : 'MESSAGE_MISSING');
    if (isThrowing(node)) return { type: 'none' };
  }
  if (name?.language === 'juel' && isProcessStart(node)) compilation.report(node.id as string, 'START_NAME_EXPRESSION');
  return { type: 'message', name: name ?? { language: 'literal', value: '' }, ...(implementation && { implementation }) };
}

/** The name of the message that `messageRef` points to; names may be expressions. */
export function messageOf(holder: ModdleElement): Expression | undefined {
  const message = one(holder, 'messageRef');
  const name = message && text(message, 'name');
  return name === undefined ? undefined : expressionOf(name);
}

/** @param mayRepeat whether a cycle makes sense where the timer stands @param id the element that problems are reported for */
export function compileTimer(definition: ModdleElement, id: string, mayRepeat: boolean, compilation: Compilation): TimerDefinition {
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
    if (kind === 'cycle' && !mayRepeat) compilation.report(id, 'TIMER_CYCLE_POSITION');
    return { kind, expression };
  }
  compilation.report(id, 'TIMER_MISSING');
  return { kind: 'duration', expression: { language: 'literal', value: 'PT0S' } };
}

/** Start events of processes and non-interrupting events stay after they fired, so they can fire again. */
function mayRepeat(node: ModdleElement): boolean {
  if (node.$type === 'bpmn:StartEvent') return isProcessStart(node) || node.get('isInterrupting') === false;
  return node.$type === 'bpmn:BoundaryEvent' && node.get('cancelActivity') === false;
}

function compileError(node: ModdleElement, definition: ModdleElement, compilation: Compilation): Single {
  const { code, message } = errorOf(definition);
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
