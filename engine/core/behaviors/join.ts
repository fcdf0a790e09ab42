import type { ComplexGateway, Element, Gateway } from '../model.ts';
import { emit, type Run } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { startComplexGateway } from './complex-join.ts';
import type { Destination } from './destination.ts';

export type JoiningGateway = Gateway | ComplexGateway;

/** True for gateways at which tokens wait for each other before one of them goes in. */
export function isJoin(element: Element): element is JoiningGateway {
  if (element.type === 'bpmn:ParallelGateway' || element.type === 'bpmn:InclusiveGateway') return element.incoming.length > 1;
  return element.type === 'bpmn:ComplexGateway' && element.activationCondition !== undefined;
}

/**
 * Notes the arrival. A parallel gateway goes on when a token has come over every incoming flow, which uses up one of each; a
 * complex one by its condition. An inclusive one is decided when nothing else moves: `decide-joins.ts`. null = the token waits.
 */
export function arriveAtJoin(run: Run, state: InstanceState, gateway: JoiningGateway, to: Destination): Destination | null {
  const { scope, flow } = to;
  if (flow === null) return to;
  emit(run, state, { instance: state.id, type: 'TokenArrived', gateway: gateway.index, scope, flow });
  if (gateway.type === 'bpmn:ComplexGateway') return startComplexGateway(run, state, gateway, to);
  if (gateway.type !== 'bpmn:ParallelGateway') return null;
  if (flowsWithTokens(state, gateway, scope) < gateway.incoming.length) return null;
  emit(run, state, { instance: state.id, type: 'GatewayJoined', gateway: gateway.index, scope, flows: gateway.incoming });
  return to;
}

function flowsWithTokens(state: InstanceState, gateway: Element, scope: number): number {
  let count = 0;
  for (const arrival of state.arrivals) if (arrival.gateway === gateway.index && arrival.scope === scope) count++;
  return count;
}
