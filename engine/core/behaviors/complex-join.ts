import { atElement } from '../failure.ts';
import type { ComplexGateway } from '../model.ts';
import { emit, type Run } from '../run.ts';
import type { Arrival, ElementInstance, InstanceState } from '../state.ts';
import { typed, type Variables } from '../values.ts';
import type { Destination } from './destination.ts';
import { contextAt, isTrue } from './evaluation.ts';

/**
 * First phase of a complex gateway (BPMN 2.0.2 clause 13.4.5): when its activation condition is true it takes a token of each
 * flow that has one, and then waits for its reset. null = not yet, or it waits for its reset already.
 */
export function startComplexGateway(run: Run, state: InstanceState, gateway: ComplexGateway, to: Destination): Destination | null {
  const arrivals = arrivalsAt(state, gateway, to.scope);
  const condition = gateway.activationCondition;
  if (!condition || !isWaitingForStart(arrivals)) return null;
  const variables = attributes(arrivals, true);
  // The gateway is no element instance yet; its attributes hide what the scope has under their names.
  const instance: ElementInstance = {
    id: to.scope,
    element: gateway.index,
    scope: to.scope,
    startedAt: run.ports.now,
    phase: 'active',
    variables,
  };
  if (!atElement(gateway.id, () => isTrue(run, condition, contextAt({ run, state, instance }, gateway)))) return null;
  const flows = arrivals.map(({ flow }) => flow);
  emit(run, state, { instance: state.id, type: 'GatewayJoined', gateway: gateway.index, scope: to.scope, flows, phase: 'start' });
  return { ...to, variables };
}

/** Second phase: takes the tokens that came later over the other flows. The gateway is ready for the next start. */
export function resetComplexGateway(run: Run, state: InstanceState, gateway: ComplexGateway, scope: number): Destination {
  const arrivals = arrivalsAt(state, gateway, scope);
  const flows = arrivals.filter(({ consumed }) => !consumed).map(({ flow }) => flow);
  const variables = attributes(arrivals, false);
  emit(run, state, { instance: state.id, type: 'GatewayJoined', gateway: gateway.index, scope, flows, phase: 'reset' });
  return { element: gateway.index, scope, flow: flows.at(-1) ?? null, variables };
}

export function isWaitingForStart(arrivals: readonly Arrival[]): boolean {
  return !arrivals.some(({ consumed }) => consumed);
}

/** BPMN's instance attributes of the gateway: its activation condition and the conditions of its outgoing flows see them. */
function attributes(arrivals: readonly Arrival[], waitingForStart: boolean): Variables {
  const activationCount = arrivals.reduce((sum, { count }) => sum + count, 0);
  return { activationCount: typed(activationCount), waitingForStart: typed(waitingForStart) };
}

function arrivalsAt(state: InstanceState, gateway: ComplexGateway, scope: number): Arrival[] {
  return state.arrivals.filter((arrival) => arrival.gateway === gateway.index && arrival.scope === scope);
}
