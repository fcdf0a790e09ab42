import { boundaryEvents, incoming, kindsOf, ofType, outgoing } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

const waitsFor = ['Message', 'Signal', 'Timer', 'Conditional'];

/** What an event-based gateway may lead to (BPMN 2.0.2, 10.6.6). */
export function checkEventGateways(file: BpmnFile, report: Report): void {
  for (const gateway of ofType(file, 'EventBasedGateway')) {
    const flows = outgoing(file, gateway);
    const targets = flows.map((flow) => one(flow, 'targetRef')).filter((target) => target !== undefined);
    if (flows.length === 1) report(gateway, 'EVENT_GATEWAY_SINGLE');
    for (const flow of flows) if (one(flow, 'conditionExpression')) report(flow, 'CONDITION_NOT_ALLOWED');
    for (const target of targets) checkTarget(gateway, target, file, report);
    if (targets.some(isReceiveTask) && targets.some((target) => !isReceiveTask(target) && kindsOf(target).includes('Message')))
      report(gateway, 'EVENT_GATEWAY_MIXED');
  }
}

function checkTarget(gateway: ModdleElement, target: ModdleElement, file: BpmnFile, report: Report): void {
  if (!isReceiveTask(target) && !isWaitingEvent(target)) report(gateway, 'EVENT_GATEWAY_TARGET', { target: target.id ?? '' });
  else if (incoming(file, target).length > 1) report(target, 'EVENT_GATEWAY_SHARED_TARGET');
  if (isReceiveTask(target) && boundaryEvents(file, target).length > 0) report(target, 'EVENT_GATEWAY_BOUNDARY');
}

const isReceiveTask = ({ $type }: ModdleElement) => $type === 'bpmn:ReceiveTask';

function isWaitingEvent(node: ModdleElement): boolean {
  const kinds = kindsOf(node);
  return node.$type === 'bpmn:IntermediateCatchEvent' && kinds.length > 0 && kinds.every((kind) => waitsFor.includes(kind)) && !flag(node, 'parallelMultiple');
}
