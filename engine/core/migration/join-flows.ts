import { elementAt } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { keyOf, outermost } from './activity.ts';
import type { Mapping } from './plan.ts';

/**
 * Tokens that wait at a join came over flows: in the new version each is taken to have come over a flow of its own, so that the
 * flows that stay empty are those of what is still to come.
 */
export function flowPairs({ arrivals }: InstanceState, mapping: Mapping): [number, number][] {
  const pairs = new Map<number, number>();
  for (const gateway of new Set(arrivals.map((arrival) => arrival.gateway))) {
    const mapped = mapping.bySource.get(keyOf({ element: elementAt(mapping.source, gateway), isBody: false }));
    if (!mapped) continue;
    const flows = [...new Set(arrivals.filter((arrival) => arrival.gateway === gateway).map(({ flow }) => flow))];
    const fits = fitOf(mapping, mapped.source.element.incoming);
    const ways = flows.flatMap((from) => mapped.target.element.incoming.map((to) => ({ from, to, fit: fits(from, to) })));
    const taken = new Set<number>();
    for (const { from, to } of ways.toSorted((a, b) => b.fit - a.fit)) {
      if (pairs.has(from) || taken.has(to)) continue;
      pairs.set(from, to);
      taken.add(to);
    }
  }
  return [...pairs];
}

/** How well a flow of the new gateway stands for one of the old: best from the same element, worst where another of the old ones comes from. */
function fitOf({ source, target, bySource }: Mapping, incoming: readonly number[]): (from: number, to: number) => number {
  /** Where an old flow comes from, in the new version. */
  const origin = (flow: number): number | undefined => {
    const element = elementAt(source, source.flows[flow]?.source ?? 0);
    return bySource.get(keyOf(outermost(element)))?.target.element.index ?? target.indexById[element.id];
  };
  const origins = new Map(incoming.map((flow) => [flow, origin(flow)]));
  return (from, to) => {
    const at = target.flows[to]?.source;
    const sameId = target.flows[to]?.id === source.flows[from]?.id ? 1 : 0;
    if (origins.get(from) === at) return 4 + sameId;
    return (incoming.some((flow) => origins.get(flow) === at) ? 0 : 2) + sameId;
  };
}
