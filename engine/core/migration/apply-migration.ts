import type { EventOf } from '../events.ts';
import type { ElementInstance, InstanceState } from '../state.ts';

/** All that the state says in indexes of the old model says it in those of the new one. */
export function migrateState(state: InstanceState, { definitionId, elements, flows, together = [] }: EventOf<'InstanceMigrated'>): void {
  const [elementOf, flowOf] = [new Map(elements), new Map(flows)];
  const element = (index: number) => elementOf.get(index) ?? index;
  const inNew = <T extends { element: number }>(part: T): T => ({ ...part, element: element(part.element) });
  state.definitionId = definitionId;
  for (const instance of state.elements) {
    instance.element = element(instance.element);
    if (instance.adHoc) instance.adHoc = { ...instance.adHoc, waiting: instance.adHoc.waiting.map(element) };
    if (instance.loop?.apart && together.includes(instance.id)) delete instance.loop.apart;
  }
  state.jobs = state.jobs.map(inNew);
  state.subscriptions = state.subscriptions.map(inNew);
  state.incidents = state.incidents.map(inNew);
  state.compensations = state.compensations.map((record) => ({
    ...inNew(record),
    handler: record.handler === null ? null : element(record.handler),
  }));
  state.arrivals = state.arrivals.map((arrival) => ({
    ...arrival,
    gateway: element(arrival.gateway),
    flow: flowOf.get(arrival.flow) ?? arrival.flow,
  }));
}

/** A scope stands before what is inside it: what moves goes to the end, with all that is in it. */
export function moveTokens(state: InstanceState, { moves }: EventOf<'TokensMoved'>): void {
  const scopeOf = new Map(moves.flatMap(({ to, elements }) => elements.map((id) => [id, to])));
  const recordScopeOf = new Map(moves.flatMap(({ to, compensations }) => compensations.map((id) => [id, to])));
  const joinScopeOf = new Map(moves.flatMap(({ from, to, gateways }) => gateways.map((gateway) => [`${from} ${gateway}`, to])));
  const moving = new Set(scopeOf.keys());
  const [staying, moved]: [ElementInstance[], ElementInstance[]] = [[], []];
  for (const instance of state.elements) {
    if (moving.has(instance.scope)) moving.add(instance.id);
    instance.scope = scopeOf.get(instance.id) ?? instance.scope;
    (moving.has(instance.id) ? moved : staying).push(instance);
  }
  state.elements = [...staying, ...moved];
  state.arrivals = state.arrivals.map((arrival) => ({
    ...arrival,
    scope: joinScopeOf.get(`${arrival.scope} ${arrival.gateway}`) ?? arrival.scope,
  }));
  state.compensations = state.compensations.map((record) => ({ ...record, scope: recordScopeOf.get(record.id) ?? record.scope }));
}
