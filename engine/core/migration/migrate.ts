import { looksAcross } from '../behaviors/multi-instance.ts';
import { setVariables } from '../behaviors/variables.ts';
import { processScope } from '../instance-tree.ts';
import { elementAt, emit, type Run } from '../run.ts';
import type { Variables } from '../values.ts';
import { mappedCompensation } from './check-instance.ts';
import { handlerIn, type InstanceView } from './instance-view.ts';
import { flowPairs } from './join-flows.ts';
import { addScopes, movesInto, removeScopes } from './migrate-scopes.ts';
import { closeTriggers, openTriggers } from './migrate-triggers.ts';

/**
 * Takes the instance to the new version: what waits stays as it is where the plan maps it, what has gone ends, what is new begins.
 * The view is of the instance before; it fits the plan (`checkInstance`).
 */
export function migrate(run: Run, view: InstanceView, definitionId: number, variables: Variables): void {
  const { state, mapping } = view;
  const moves = movesInto(view);
  const reopened = closeTriggers(run, view);
  removeScopes(run, view);
  const kept = [...state.elements];
  const together = lostParts(view);
  emit(run, state, {
    instance: state.id,
    type: 'InstanceMigrated',
    from: state.definitionId,
    definitionId,
    elements: elementPairs(view),
    flows: flowPairs(state, mapping),
    ...(together.length > 0 && { together }),
  });
  setVariables({ run, state, instance: processScope(state) }, variables);
  addScopes(run, view, moves);
  openTriggers(run, view, kept, reopened);
}

/** What the state holds of the old model, with what it is in the new one. */
function elementPairs(view: InstanceView): [number, number][] {
  const { state, mapping } = view;
  const pairs = new Map<number, number>();
  const add = (index: number) => {
    const mapped = mapping.bySource.get(index * 2) ?? mapping.bySource.get(index * 2 + 1);
    if (mapped && mapped.target.element.index !== index) pairs.set(index, mapped.target.element.index);
  };
  for (const { element, adHoc } of state.elements) {
    add(element);
    adHoc?.waiting.forEach(add);
  }
  for (const { element } of [...state.jobs, ...state.subscriptions, ...state.incidents, ...state.compensations]) add(element);
  for (const { gateway } of state.arrivals) add(gateway);
  for (const record of state.compensations) {
    const mapped = mappedCompensation(view, record);
    const handler = mapped && handlerIn(mapping, record.element, record.handler, mapped.target);
    if (record.handler !== null && typeof handler === 'number') pairs.set(record.handler, handler);
  }
  return [...pairs];
}

/** Loops whose items have to stay together in the new version, because something in them looks beyond its own item. */
function lostParts({ state, mapping, mapped }: InstanceView): number[] {
  const loses = (element: number | undefined) => element !== undefined && looksAcross(mapping.target, elementAt(mapping.target, element));
  return state.elements.filter((instance) => instance.loop?.apart && loses(mapped(instance)?.target.element.index)).map(({ id }) => id);
}
