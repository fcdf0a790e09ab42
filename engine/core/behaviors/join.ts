import type { Gateway } from '../model.ts';
import { emit, type Run } from '../run.ts';
import type { InstanceState } from '../state.ts';

/** Notes the arrival; true when a token has come over every incoming flow, which uses up one of each. */
export function arriveAtJoin(run: Run, state: InstanceState, gateway: Gateway, at: { scope: number; flow: number | null }): boolean {
  const { scope, flow } = at;
  if (flow === null) return true;
  emit(run, state, { instance: state.id, type: 'TokenArrived', gateway: gateway.index, scope, flow });
  const hasArrived = (incoming: number) =>
    state.arrivals.some((a) => a.gateway === gateway.index && a.scope === scope && a.flow === incoming);
  if (!gateway.incoming.every(hasArrived)) return false;
  emit(run, state, { instance: state.id, type: 'GatewayJoined', gateway: gateway.index, scope, flows: gateway.incoming });
  return true;
}
