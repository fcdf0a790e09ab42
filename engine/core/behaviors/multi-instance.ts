import { Failure } from '../failure.ts';
import { elementInstance, requireWhole } from '../instance-tree.ts';
import type { Element, LoopOutput, MultiInstance, ProcessModel } from '../model.ts';
import { elementAt, emit, scopeOf, type Token } from '../run.ts';
import type { ElementInstance, InstanceState, LoopState } from '../state.ts';
import { type JsonValue, stored, typed } from '../values.ts';
import { cancelChildren } from './cancel.ts';
import { completeElement } from './complete-element.ts';
import { enterItem } from './enter-element.ts';
import { contextAt, contextOf, evaluate, evaluateInteger, isTrue } from './evaluation.ts';
import { singleDefinitions } from './event-definitions-of.ts';
import { createJob } from './jobs.ts';
import { advance } from './loop-counters.ts';
import { ownVariable, setLocalVariable, setVariable } from './variables.ts';

/** Items of one body; a collection from outside must not be able to fill the state without limit. */
const MAX_ITEMS = 10_000;
/** Items at the same time of parallel loops within loops, through called processes too. */
const MAX_NESTED_ITEMS = 100_000;
/** Parallel items that begin in one command; a `loop` job goes on with the next ones. */
const BATCH = 500;
/** Up to here all items stay together in the state of the instance, if the ports say no other. */
const MOST_TOGETHER = 100;

/** The body begins: all items at once, or the first one. */
export function startMultiInstance(body: Token): void {
  const { run, state, model, element, instance } = body;
  const definition = element.multiInstance as MultiInstance;
  const items = collectionOf(body, definition);
  const total = items
    ? items.length
    : evaluateInteger(run, definition.cardinality, contextOf(body), { fallback: 0, what: 'the loop cardinality' });
  if (total < 0 || total > MAX_ITEMS) {
    throw new Failure('LOOP_SIZE_INVALID', `Expected 0 to ${MAX_ITEMS} loop items, but there are ${total}`, element.id);
  }
  requireBoundedNest(body, total);
  const isLarge = !definition.sequential && total > (run.ports.mostTogether ?? MOST_TOGETHER);
  const apart = isLarge && !looksAcross(model, element) && !isInPart(state, instance);
  emit(run, state, {
    instance: state.id,
    type: 'LoopStarted',
    id: instance.id,
    total,
    items: items && definition.elementVariable !== undefined ? typed(items) : null,
    ...(apart && { apart }),
  });
  if (total === 0) completeBody(body);
  else startItems(body);
}

/** The next items begin: one, or up to a batch of them. */
export function startItems(body: Token): void {
  const { run, element, instance } = body;
  const { sequential, elementVariable } = element.multiInstance as MultiInstance;
  const { total, completed, active, skipped = 0, items } = countersOf(instance);
  const first = completed + active + skipped;
  const end = sequential ? first + 1 : Math.min(first + BATCH, total);
  advance(body, completed, active + end - first);
  if (!sequential && end < total) createJob(body, element, { kind: 'loop', dueAt: run.ports.now });
  const firstStep = run.agenda.length;
  for (let index = first; index < end; index++) {
    const item = enterItem(body);
    setLocalVariable(item, 'loopCounter', typed(index));
    if (elementVariable !== undefined && items) setLocalVariable(item, elementVariable, typed((items.value as JsonValue[])[index]));
  }
  if (end - first > 1) run.agenda.push(...run.agenda.splice(firstStep).toReversed());
}

/** An item is done: the next one begins, or the body is complete. `item` is gone from the state, its variables are still to be read. */
export function itemCompleted(body: Token, item: ElementInstance): void {
  const { run, state, element, instance } = body;
  const { sequential, completionCondition, output } = element.multiInstance as MultiInstance;
  const loop = countersOf(instance);
  const completed = loop.completed + 1;
  advance(body, completed, loop.active - 1);
  if (output) collectOutput(body, item, output);
  // Camunda 7 asks the item that ended: it knows its element and its counter.
  const isSatisfied =
    completionCondition !== undefined && isTrue(run, completionCondition, contextAt({ run, state, instance: item }, element));
  if (isSatisfied || completed + (loop.skipped ?? 0) === loop.total) completeBody(body);
  else if (sequential) startItems(body);
}

function completeBody(body: Token): void {
  const { run, state, element, instance } = body;
  const { output } = element.multiInstance as MultiInstance;
  const { total, active } = countersOf(instance);
  if (active > 0) cancelChildren(body);
  if (output) {
    if (instance.loop?.apart) requireWhole(state);
    const list: JsonValue[] = Array.from({ length: total }, () => null);
    for (const { body: of, index, value } of state.outputs) if (of === instance.id) list[index] = value.value;
    setVariable({ run, state, instance: scopeOf(body) }, output.collection, typed(list));
  }
  completeElement(body);
}

/** @throws Failure `LOOP_COUNTER_INVALID` */
function collectOutput({ run, state, element, instance: body }: Token, item: ElementInstance, output: LoopOutput): void {
  const context = contextAt({ run, state, instance: item }, element);
  const value =
    output.element.language === 'literal'
      ? (context.variable(output.element.value) ?? typed(null))
      : typed(evaluate(run, output.element, context));
  const index = ownVariable(item, 'loopCounter')?.value;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= countersOf(body).total) {
    throw new Failure(
      'LOOP_COUNTER_INVALID',
      `Expected loopCounter to be the place of the item in ${element.id}, but it was set to ${JSON.stringify(index)}`,
      element.id,
    );
  }
  emit(run, state, { instance: state.id, type: 'LoopOutputAdded', id: body.id, item: item.id, index, value: stored(value) });
}

function countersOf({ loop }: ElementInstance): LoopState & { total: number } {
  if (!loop || loop.total === null) throw new Error('Expected the body of a multi-instance, but it has no count of its items');
  return { ...loop, total: loop.total };
}

/** @throws Failure `LOOPS_NESTED_TOO_LARGE` */
function requireBoundedNest({ run, state, element, instance }: Token, total: number): void {
  let product = total;
  for (let at: InstanceState | undefined = state, inner = instance; at;) {
    const model = run.ports.model(at.definitionId);
    while (inner.scope !== 0) {
      inner = elementInstance(at, inner.scope);
      if (inner.loop?.total && !elementAt(model, inner.element).multiInstance?.sequential) product *= inner.loop.total;
    }
    if (product > MAX_NESTED_ITEMS) {
      throw new Failure(
        'LOOPS_NESTED_TOO_LARGE',
        `Expected at most ${MAX_NESTED_ITEMS} items of loops within loops, but with those of ${element.id} there would be ${product}`,
        element.id,
      );
    }
    const caller: InstanceState | undefined = at.superId === undefined ? undefined : run.root.instances.get(at.superId);
    if (caller && at.superElementInstance !== undefined) inner = elementInstance(caller, at.superElementInstance);
    at = caller;
  }
}

/** Inside a part nothing is kept apart a second time. */
function isInPart(state: InstanceState, instance: ElementInstance): boolean {
  for (let at = instance; at.scope !== 0;) {
    at = elementInstance(state, at.scope);
    if (at.loop?.apart) return true;
  }
  return false;
}

/** Conditions and compensations look beyond their own item: with them all items stay together. */
export function looksAcross(model: ProcessModel, element: Element): boolean {
  if (element.isForCompensation || element.compensationHandler !== undefined) return true;
  if ('event' in element && singleDefinitions(element.event).some(({ type }) => type === 'conditional' || type === 'compensation'))
    return true;
  return 'children' in element && element.children.some((child) => looksAcross(model, elementAt(model, child)));
}

/** A literal names the variable that holds the collection; anything else is evaluated. */
function collectionOf(body: Token, { collection, cardinality }: MultiInstance): JsonValue[] | null {
  if (!collection) return null;
  const context = contextOf(body);
  const value = collection.language === 'literal' ? context.variable(collection.value)?.value : evaluate(body.run, collection, context);
  const list = typeof value === 'string' && value.trimStart().startsWith('[') ? parseList(value) : value;
  if (Array.isArray(list))
    return cardinality
      ? list.slice(0, evaluateInteger(body.run, cardinality, context, { fallback: 0, what: 'the loop cardinality' }))
      : (list as JsonValue[]);
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
