import { Failure } from '../failure.ts';
import type { Element, Expression } from '../model.ts';
import type { EvaluationContext, ExecutionView, Ports } from '../ports.ts';
import type { Place, Run, Token } from '../run.ts';
import { taskView } from './task-view.ts';
import { lookUpVariable, removeVariable, setLocalVariable, setVariable, visibleVariables } from './variables.ts';

/** The listener that an expression belongs to: `start`, `end`, `take` or a task listener's event, with the flow of a `take`. */
export interface ListenerEvent {
  name: string;
  transition?: string;
}

/** What an expression at this place may read; nothing is copied before it is asked for. `element` = the current activity. */
export function contextAt(
  place: Place,
  element: Element | null,
  mayWrite = false,
  listener: ListenerEvent | null = null,
): EvaluationContext {
  const { run, instance } = place;
  return {
    variable: (name) => lookUpVariable(place, name),
    variableNames: () => Object.keys(visibleVariables(place)),
    get execution() {
      return executionView(place, element, mayWrite, listener);
    },
    get task() {
      return instance.task && taskView(place, instance.task, listener?.name ?? null);
    },
    userId: run.actor.id,
  };
}

export function contextOf(token: Token): EvaluationContext {
  return contextAt(token, token.element);
}

/** For service task expressions and scripts: they may set variables. */
export function writableContextOf(token: Token): EvaluationContext {
  return contextAt(token, token.element, true);
}

function executionView(place: Place, element: Element | null, mayWrite: boolean, listener: ListenerEvent | null): ExecutionView {
  const { run, state, instance } = place;
  const view: ExecutionView = {
    id: String(instance.id),
    processInstanceId: String(state.id),
    processBusinessKey: state.businessKey,
    processDefinitionId: String(state.definitionId),
    processDefinitionKey: run.ports.model(state.definitionId).key,
    currentActivityId: element?.id ?? null,
    currentActivityName: element?.name ?? null,
    tenantId: state.tenant,
    areaPath: state.area,
    startUserId: state.startedBy,
  };
  if (listener) view.eventName = listener.name;
  if (listener?.transition !== undefined) view.currentTransitionId = listener.transition;
  if (!mayWrite) return view;
  view.setVariable = (name, variable) => setVariable(place, name, variable);
  view.setVariableLocal = (name, variable) => setLocalVariable(place, name, variable);
  view.removeVariable = (name) => removeVariable(place, name);
  return view;
}

/** A run, or what evaluates where there is none. */
export interface Evaluating {
  readonly ports: Pick<Ports, 'evaluate'>;
}

export function evaluate(run: Evaluating, expression: Expression, context: EvaluationContext): unknown {
  return expression.language === 'literal' ? expression.value : run.ports.evaluate(expression, context);
}

/** null when the expression is absent or gives nothing. */
export function evaluateText(run: Run, expression: Expression | undefined, context: EvaluationContext): string | null {
  if (!expression) return null;
  const value = evaluate(run, expression, context);
  return value === null || value === undefined ? null : textOf(value);
}

/** Texts as they are, lists and objects as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
}

/** @throws Failure `TEXT_MISSING` */
export function requireText(run: Run, expression: Expression, context: EvaluationContext, what: string): string {
  const text = evaluateText(run, expression, context);
  if (text === null || text === '') throw new Failure('TEXT_MISSING', `Expected a text for ${what}, but the expression gives nothing`);
  return text;
}

/** An integer, or a text that is one; `fallback` when there is no expression. @throws Failure `NUMBER_INVALID` */
export function evaluateInteger(
  run: Run,
  expression: Expression | undefined,
  context: EvaluationContext,
  { fallback, what }: { fallback: number; what: string },
): number {
  if (!expression) return fallback;
  const value = evaluate(run, expression, context);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw new Failure('NUMBER_INVALID', `Expected an integer for ${what}, but it is ${textOf(value)}`);
  }
  return number;
}

/** @throws Failure `CONDITION_NOT_BOOLEAN` */
export function isTrue(run: Evaluating, condition: Expression, context: EvaluationContext): boolean {
  const value = evaluate(run, condition, context);
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  const source = condition.language === 'literal' ? condition.value : condition.source;
  throw new Failure('CONDITION_NOT_BOOLEAN', `Expected condition ${source} to be true or false, but it is ${textOf(value)}`);
}
