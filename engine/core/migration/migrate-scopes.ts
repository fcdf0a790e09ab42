import { openBoundaryEvents } from '../behaviors/boundary-events.ts';
import { cancelElement } from '../behaviors/cancel.ts';
import { activateElement } from '../behaviors/enter-element.ts';
import { isScope, openEventSubProcesses, type ScopeElement } from '../behaviors/event-sub-processes.ts';
import { runListeners } from '../behaviors/listeners.ts';
import { mapInputs } from '../behaviors/variable-mapping.ts';
import type { TokensMove } from '../events.ts';
import { elementAt, emit, type Run, type Token } from '../run.ts';
import type { ElementInstance } from '../state.ts';
import { type Activity, keyOf } from './activity.ts';
import { mappedCompensation } from './check-instance.ts';
import { type InstanceView, keptScopeOf, missingScopes } from './instance-view.ts';

/** Takes the scopes away that the plan does not map: what runs inside goes to the scope around, their variables and events end with them. */
export function removeScopes(run: Run, view: InstanceView): void {
  const { state } = view;
  const removed = state.elements.filter((instance) => instance.scope !== 0 && view.isRemoved(instance));
  const records = Map.groupBy(state.compensations, ({ scope }) => scope);
  const moves = removed.flatMap((scope): TokensMove[] => {
    const elements = (view.inside.get(scope.id) ?? []).filter((instance) => !view.isRemoved(instance)).map(({ id }) => id);
    const compensations = (records.get(scope.id) ?? []).map(({ id }) => id);
    if (elements.length === 0 && compensations.length === 0) return [];
    return [{ from: scope.id, to: view.keptAround(scope).id, elements, gateways: [], compensations }];
  });
  if (moves.length > 0) emit(run, state, { instance: state.id, type: 'TokensMoved', moves });
  for (const scope of removed.toReversed()) cancelElement({ run, state, instance: scope }, 'INTERNALLY_TERMINATED', NOTHING_INSIDE);
}

const NOTHING_INSIDE: ReadonlyMap<number, ElementInstance[]> = new Map();

/** What goes from one scope into a new one. */
interface Move extends Omit<TokensMove, 'to'> {
  /** The outermost first. */
  to: Activity[];
}

/** Decides, before the instance is migrated, what the scopes that are new have to be put around. */
export function movesInto(view: InstanceView): Move[] {
  const moves = new Map<string, Move>();
  const into = (around: ElementInstance, target: Activity): Move | undefined => {
    const to = missingScopes(view, target, around);
    if (to.length === 0) return undefined;
    const key = `${around.id} ${keyOf(to.at(-1) as Activity)}`;
    let move = moves.get(key);
    if (!move) moves.set(key, (move = { from: around.id, to, elements: [], gateways: [], compensations: [] }));
    return move;
  };
  for (const instance of view.state.elements) {
    const mapped = instance.scope === 0 ? undefined : view.mapped(instance);
    if (mapped) into(view.keptAround(instance), mapped.target)?.elements.push(instance.id);
  }
  for (const { gateway, scope } of view.state.arrivals) {
    const mapped = view.mapping.bySource.get(keyOf({ element: elementAt(view.mapping.source, gateway), isBody: false }));
    const kept = keptScopeOf(view, scope);
    const move = mapped && kept && into(kept, mapped.target);
    if (move && !move.gateways.includes(mapped.target.element.index)) move.gateways.push(mapped.target.element.index);
  }
  for (const record of view.state.compensations) {
    const mapped = mappedCompensation(view, record);
    const kept = keptScopeOf(view, record.scope);
    if (mapped && kept) into(kept, mapped.target)?.compensations.push(record.id);
  }
  return [...moves.values()];
}

/** After the instance is migrated: the new scopes begin, the outer ones first, each once for all that goes into it. */
export function addScopes(run: Run, view: InstanceView, moves: readonly Move[]): void {
  const { state } = view;
  const made = new Map<string, number>();
  const done = moves.map(({ from, to, ...moved }): TokensMove => {
    let scope = from;
    for (const level of to) {
      const key = `${from} ${keyOf(level)}`;
      scope = made.get(key) ?? beginScope(run, view, level, scope);
      made.set(key, scope);
    }
    return { from, to: scope, ...moved };
  });
  if (done.length > 0) emit(run, state, { instance: state.id, type: 'TokensMoved', moves: done });
}

function beginScope(run: Run, { state, mapping }: InstanceView, { element }: Activity, scope: number): number {
  const token = activateElement(run, state, mapping.target, { element: element.index, scope, flow: null }, 'active');
  mapInputs(token);
  openBoundaryEvents(token);
  runListeners(token, 'start');
  if (isScope(element)) openEventSubProcesses(token as Token<ScopeElement>);
  return token.instance.id;
}
