import { gatewayTypes, incoming, ofType, outgoing } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Gateways that do nothing, say something else than their flows, or leave a token without a way on. */
export function checkGateways(file: BpmnFile, report: Report): void {
  for (const gateway of ofType(file, ...gatewayTypes)) {
    const flowsIn = incoming(file, gateway).length;
    const flowsOut = outgoing(file, gateway);
    // A parallel join may be the last element of its path (`ELEMENT_ENDS`).
    if (flowsOut.length === 0 && gateway.$type !== 'bpmn:ParallelGateway') report(gateway, 'GATEWAY_WITHOUT_FLOW');
    else if (flowsIn < 2 && flowsOut.length === 1) report(gateway, 'GATEWAY_SINGLE_FLOW');
    const direction = text(gateway, 'gatewayDirection') ?? '';
    if (!directionFits(direction, flowsIn, flowsOut.length)) report(gateway, 'GATEWAY_DIRECTION', { direction });
    if (isOpen(gateway, flowsOut)) report(gateway, 'DEFAULT_FLOW_MISSING');
  }
}

function directionFits(direction: string, flowsIn: number, flowsOut: number): boolean {
  if (direction === 'Converging') return flowsOut < 2;
  if (direction === 'Diverging') return flowsIn < 2;
  return direction !== 'Mixed' || (flowsIn > 1 && flowsOut > 1);
}

/** All flows have conditions, so it can happen that none holds. */
function isOpen(gateway: ModdleElement, flows: ModdleElement[]): boolean {
  if (gateway.$type !== 'bpmn:ExclusiveGateway' && gateway.$type !== 'bpmn:InclusiveGateway') return false;
  return flows.length > 1 && !one(gateway, 'default') && flows.every((flow) => one(flow, 'conditionExpression'));
}
