import { atElement } from '../failure.ts';
import { canComeOver, type JoinPaths, joinPaths } from '../join-paths.ts';
import type { ProcessModel } from '../model.ts';
import { elementAt, emit, type Run } from '../run.ts';
import type { Arrival, InstanceState } from '../state.ts';
import { isWaitingForStart, resetComplexGateway, startComplexGateway } from './complex-join.ts';
import type { Destination } from './destination.ts';
import { beginElement } from './enter-element.ts';
import type { JoiningGateway } from './join.ts';

/** A join at which tokens wait. Flows count as full when a token waits there, or was taken in a complex gateway's first phase. */
interface Waiting {
  gateway: JoiningGateway;
  full: number[];
  empty: number[];
  paths: JoinPaths;
  /** It goes on when no token is expected over its empty flows; else by its own rule: parallel, or a complex gateway's condition. */
  synchronizes: boolean;
}

/** What is in a scope: tokens at its joins, and the elements where others are. */
interface ScopeTokens {
  scope: number;
  joins: Waiting[];
  live: Set<number>;
}

/**
 * When all synchronous steps are done: lets inclusive and complex gateways go on that need not wait any longer, at most one of
 * each scope. True when one did; then there are steps to do, and the others are to be decided again.
 */
export function decideJoins(run: Run): boolean {
  let isAnyDecided = false;
  for (const state of run.root.instances.values()) {
    if (state.arrivals.length === 0) continue;
    const model = run.ports.model(state.definitionId);
    for (const { scope, joins, live } of scopesToDecide(state, model)) {
      const to = decide(run, state, scope, joins, live);
      if (!to) continue;
      atElement(elementAt(model, to.element).id, () => beginElement(run, state, model, to));
      isAnyDecided = true;
    }
  }
  return isAnyDecided;
}

function scopesToDecide(state: InstanceState, model: ProcessModel): ScopeTokens[] {
  const scopes = new Map<number, ScopeTokens>();
  for (const [scope, arrivals] of Map.groupBy(state.arrivals, (arrival) => arrival.scope)) {
    if (arrivals.every(({ gateway }) => elementAt(model, gateway).type === 'bpmn:ParallelGateway')) continue;
    scopes.set(scope, { scope, joins: waitingJoins(model, arrivals), live: new Set() });
  }
  if (scopes.size === 0) return [];
  // What compensates or is compensated is done: its token has gone on long ago.
  for (const { scope, element, phase } of state.elements) if (phase !== 'compensating') scopes.get(scope)?.live.add(element);
  return [...scopes.values()];
}

/** In the order in which the first token of each came. */
function waitingJoins(model: ProcessModel, arrivals: Arrival[]): Waiting[] {
  return [...Map.groupBy(arrivals, ({ gateway }) => gateway)].map(([index, at]) => {
    const gateway = elementAt(model, index) as JoiningGateway;
    const full = new Set(at.map(({ flow }) => flow));
    return {
      gateway,
      full: [...full],
      empty: gateway.incoming.filter((flow) => !full.has(flow)),
      paths: joinPaths(model, gateway),
      synchronizes: gateway.type === 'bpmn:InclusiveGateway' || (gateway.type === 'bpmn:ComplexGateway' && !isWaitingForStart(at)),
    };
  });
}

function decide(run: Run, state: InstanceState, scope: number, joins: Waiting[], live: ReadonlySet<number>): Destination | null {
  for (const join of joins) {
    const { gateway, synchronizes } = join;
    if (synchronizes && ![...live].some((element) => isExpected(join, element)) && !joins.some((other) => isExpectedFrom(join, other)))
      return goOn(run, state, scope, join);
    // Variables may have changed since its last token came.
    const started =
      !synchronizes && gateway.type === 'bpmn:ComplexGateway'
        ? startComplexGateway(run, state, gateway, { element: gateway.index, scope, flow: join.full.at(-1) ?? null })
        : null;
    if (started) return started;
  }
  const stuck = stuckJoins(joins, live).find(({ synchronizes }) => synchronizes);
  return stuck ? goOn(run, state, scope, stuck) : null;
}

function goOn(run: Run, state: InstanceState, scope: number, { gateway, full }: Waiting): Destination {
  if (gateway.type === 'bpmn:ComplexGateway') return resetComplexGateway(run, state, gateway, scope);
  emit(run, state, { instance: state.id, type: 'GatewayJoined', gateway: gateway.index, scope, flows: full });
  return { element: gateway.index, scope, flow: full.at(-1) ?? null };
}

/**
 * BPMN 2.0.2 clause 13.4.3: a token is waited for when it has a way to an empty flow of the gateway, and none to a full one.
 * Ways that visit the gateway itself do not count.
 */
function isExpected({ paths, empty, full }: Waiting, element: number): boolean {
  return empty.some((flow) => canComeOver(paths, flow, element)) && !full.some((flow) => canComeOver(paths, flow, element));
}

const isExpectedFrom = (join: Waiting, other: Waiting) => other !== join && isExpected(join, other.gateway.index);

/**
 * The joins that nothing will ever move: each waits for tokens that wait at another of them (a vicious circle, which BPMN leaves
 * waiting for ever), or for nothing at all.
 */
function stuckJoins(joins: Waiting[], live: ReadonlySet<number>): Waiting[] {
  let stuck = joins.filter((join) => ![...live].some((element) => mayMove(join, element)));
  for (;;) {
    const rest = stuck.filter((join) => !joins.some((other) => !stuck.includes(other) && mayMove(join, other.gateway.index)));
    if (rest.length === stuck.length) return stuck;
    stuck = rest;
  }
}

/** Whether a token there can have an effect on the join. A complex gateway's condition may look at any variable. */
function mayMove(join: Waiting, element: number): boolean {
  if (join.synchronizes) return isExpected(join, element);
  return join.gateway.type === 'bpmn:ComplexGateway' || join.empty.some((flow) => canComeOver(join.paths, flow, element));
}
