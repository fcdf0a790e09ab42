import type { InstanceState } from '#engine/core/state.ts';

/** The state with its lists in the order of their ids: what is loaded in parts comes in another order than it happened. */
export function canonical(state: InstanceState): InstanceState {
  const byId = <T extends { id: number }>(list: readonly T[]) => list.toSorted((a, b) => a.id - b.id);
  return {
    ...state,
    elements: byId(state.elements),
    jobs: byId(state.jobs),
    subscriptions: byId(state.subscriptions),
    incidents: byId(state.incidents),
    arrivals: state.arrivals.toSorted((a, b) => a.scope - b.scope || a.gateway - b.gateway || a.flow - b.flow),
    outputs: state.outputs.toSorted((a, b) => a.item - b.item),
  };
}
