import { Failure } from '../failure.ts';
import type { MultiInstance } from '../model.ts';
import { emit, type Token } from '../run.ts';
import type { ElementInstance } from '../state.ts';
import { typed } from '../values.ts';
import { cancelChildren } from './cancel.ts';
import { completeElement } from './complete-element.ts';
import { enterItem } from './enter-element.ts';
import { contextOf, evaluate, evaluateInteger, isTrue } from './evaluation.ts';
import { setLocalVariable } from './variables.ts';

/** Items of one body; a collection from outside must not be able to fill the state without limit. */
const MAX_ITEMS = 10_000;

/** The body begins: all items at once, or the first one. */
export function startLoop(body: Token): void {
  const { run, state, instance } = body;
  const definition = body.element.multiInstance as MultiInstance;
  const items = collectionOf(body, definition);
  const total = items
    ? items.length
    : evaluateInteger(run, definition.cardinality, contextOf(body), { fallback: 0, what: 'the loop cardinality' });
  if (total < 0 || total > MAX_ITEMS) {
    throw new Failure('LOOP_SIZE_INVALID', `Expected 0 to ${MAX_ITEMS} loop items, but there are ${total}`, body.element.id);
  }
  emit(run, state, { instance: state.id, type: 'LoopStarted', id: instance.id, total, items });
  if (total === 0) return completeElement(body);
  const now = definition.sequential ? 1 : total;
  advance(body, 0, now);
  const firstStep = run.agenda.length;
  for (let index = 0; index < now; index++) startItem(body, index);
  if (now > 1) run.agenda.push(...run.agenda.splice(firstStep).toReversed());
}

/** An item is done: the next one begins, or the body is complete. */
export function itemCompleted(body: Token): void {
  const { run, element, instance } = body;
  const definition = element.multiInstance as MultiInstance;
  const loop = instance.loop as NonNullable<ElementInstance['loop']>;
  const completed = loop.completed + 1;
  const next = definition.sequential && completed < loop.total ? 1 : 0;
  advance(body, completed, loop.active - 1);
  const isSatisfied = definition.completionCondition !== undefined && isTrue(run, definition.completionCondition, contextOf(body));
  if (isSatisfied || completed >= loop.total) {
    cancelChildren(body);
    return completeElement(body);
  }
  if (next === 0) return;
  advance(body, completed, 1);
  startItem(body, completed);
}

function advance({ run, state, instance }: Token, completed: number, active: number): void {
  emit(run, state, { instance: state.id, type: 'LoopAdvanced', id: instance.id, completed, active });
}

function startItem(body: Token, index: number): void {
  const { elementVariable } = body.element.multiInstance as MultiInstance;
  const item = enterItem(body);
  setLocalVariable(item, 'loopCounter', typed(index));
  const items = body.instance.loop?.items;
  if (elementVariable && items) setLocalVariable(item, elementVariable, typed(items[index]));
}

/** A literal names the variable that holds the collection; anything else is evaluated. */
function collectionOf(body: Token, { collection, cardinality }: MultiInstance): unknown[] | null {
  if (!collection) return null;
  const context = contextOf(body);
  const value = collection.language === 'literal' ? context.variable(collection.value)?.value : evaluate(body.run, collection, context);
  const list = typeof value === 'string' && value.trimStart().startsWith('[') ? parseList(value) : value;
  if (Array.isArray(list))
    return cardinality
      ? list.slice(0, evaluateInteger(body.run, cardinality, context, { fallback: 0, what: 'the loop cardinality' }))
      : list;
  throw new Failure(
    'COLLECTION_INVALID',
    `Expected a list to loop over at ${body.element.id}, but it is ${value === null ? 'null' : typeof value}`,
    body.element.id,
  );
}

/** `Object` variables travel as JSON text. */
function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
