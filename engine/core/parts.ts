import type { IncidentState, InstanceState } from './state.ts';

/**
 * The items of a large loop (`loop.apart`) are parts: the store keeps each item, with everything inside it, beside the
 * instance, so that a command works on the instance and one item. What holds for all items asks `requireWhole` first.
 */
export type StateLists = Pick<
  InstanceState,
  'elements' | 'jobs' | 'subscriptions' | 'incidents' | 'arrivals' | 'compensations' | 'outputs'
>;

export interface SplitState {
  /** What is in no part. */
  rest: StateLists;
  /** By the item's element instance id, with the id of its body; an item that has ended and left an output is one still. */
  parts: Map<number, StateLists & { body: number }>;
}

const NONE: ReadonlyMap<number, number> = new Map();
const LISTS = [
  'elements',
  'jobs',
  'subscriptions',
  'incidents',
  'arrivals',
  'compensations',
  'outputs',
] as const satisfies (keyof StateLists)[];

export function hasParts(state: StateLists): boolean {
  return state.elements.some(({ loop }) => loop?.apart);
}

/** Element instance id → the item that it belongs to. A scope stands before what is inside it. */
export function partsOf(state: StateLists): ReadonlyMap<number, number> {
  if (!hasParts(state)) return NONE;
  const bodies = new Set<number>();
  const partOf = new Map<number, number>();
  for (const { id, scope, loop } of state.elements) {
    const part = bodies.has(scope) ? id : partOf.get(scope);
    if (part !== undefined) partOf.set(id, part);
    if (loop?.apart) bodies.add(id);
  }
  return partOf;
}

export function splitState(state: StateLists): SplitState {
  const rest = emptyLists();
  const parts: SplitState['parts'] = new Map();
  if (!hasParts(state)) return { rest: state, parts };
  const partOf = partsOf(state);
  const bodies = new Set(state.elements.flatMap(({ id, loop }) => (loop?.apart ? [id] : [])));
  const ownerOf = new Map(state.jobs.map(({ id, owner }) => [id, owner]));
  const partAt = (owner: number, body = 0) => {
    const id = body === 0 ? partOf.get(owner) : bodies.has(body) ? owner : undefined;
    if (id === undefined) return rest;
    let part = parts.get(id);
    if (!part) parts.set(id, (part = { ...emptyLists(), body }));
    return part;
  };
  for (const instance of state.elements) {
    const part = partAt(instance.id);
    part.elements.push(instance);
    if ('body' in part && part.elements.length === 1) part.body = instance.scope;
  }
  for (const job of state.jobs) partAt(job.owner).jobs.push(job);
  for (const subscription of state.subscriptions) partAt(subscription.owner).subscriptions.push(subscription);
  for (const incident of state.incidents) partAt(sourceOf(incident, ownerOf)).incidents.push(incident);
  for (const arrival of state.arrivals) partAt(arrival.scope).arrivals.push(arrival);
  for (const output of state.outputs) partAt(output.item, output.body).outputs.push(output);
  rest.compensations = state.compensations;
  return { rest, parts };
}

/** Puts a loaded part to the rest of its state. */
export function addPart(state: StateLists, part: StateLists): void {
  for (const list of LISTS) (state[list] as unknown[]).push(...part[list]);
}

/** An incident belongs to a job, which belongs to an element instance, or to an external task, which is one. */
function sourceOf({ kind, source }: IncidentState, ownerOf: ReadonlyMap<number, number>): number {
  return kind === 'failedJob' ? (ownerOf.get(source) ?? source) : source;
}

function emptyLists(): StateLists {
  return { elements: [], jobs: [], subscriptions: [], incidents: [], arrivals: [], compensations: [], outputs: [] };
}
