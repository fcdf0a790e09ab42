import type { EventOf } from '../events.ts';
import type { InstanceState } from '../state.ts';

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
export function moveTokens(state: InstanceState, { from, to, elements, gateways, compensations }: EventOf<'TokensMoved'>): void {
  const moved = new Set(elements);
  const moving = new Set(elements);
  for (const instance of state.elements) {
    if (moving.has(instance.scope)) moving.add(instance.id);
    if (moved.has(instance.id)) instance.scope = to;
  }
  state.elements = [...state.elements.filter(({ id }) => !moving.has(id)), ...state.elements.filter(({ id }) => moving.has(id))];
  state.arrivals = state.arrivals.map((arrival) =>
    arrival.scope === from && gateways.includes(arrival.gateway) ? { ...arrival, scope: to } : arrival,
  );
  state.compensations = state.compensations.map((record) => (compensations.includes(record.id) ? { ...record, scope: to } : record));
}
