import {
  activityTypes,
  inExecutable,
  incoming,
  isA,
  isEventSubProcess,
  nodeTypes,
  ofType,
  outgoing,
  processOf,
} from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { many, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Sequence flows: both ends on one level, at elements that may have them, with conditions that mean something. */
export function checkFlows(file: BpmnFile, report: Report): void {
  for (const flow of ofType(file, 'SequenceFlow')) checkFlow(flow, file, report);
  for (const node of ofType(file, ...nodeTypes)) checkEnds(node, file, report);
  checkLists(file, report);
}

function checkFlow(flow: ModdleElement, file: BpmnFile, report: Report): void {
  const source = one(flow, 'sourceRef');
  const target = one(flow, 'targetRef');
  const ends = [source, target].filter((node) => node !== undefined && node.$type !== 'bpmn:ChoreographyTask');
  if (!source || !target || ends.some((node) => !isA(node as ModdleElement, nodeTypes))) report(flow, 'FLOW_DANGLING');
  else if (source.$parent !== target.$parent) report(flow, 'FLOW_CROSSES_SCOPE');
  // moddle gives the attribute as a boolean; absent means immediate.
  if (flow.get('isImmediate') === false && inExecutable(flow)) report(flow, 'FLOW_NOT_IMMEDIATE');
  if (source && one(flow, 'conditionExpression') && outgoing(file, source).length === 1 && !source.$type.endsWith('Gateway'))
    report(flow, 'CONDITION_ALONE');
}

function checkEnds(node: ModdleElement, file: BpmnFile, report: Report): void {
  const flowsIn = incoming(file, node).length;
  const flowsOut = outgoing(file, node).length;
  if (node.$type === 'bpmn:StartEvent' && flowsIn > 0) report(node, 'FLOW_INTO_START');
  if (node.$type === 'bpmn:EndEvent' && flowsOut > 0) report(node, 'FLOW_OUT_OF_END');
  if (node.$type === 'bpmn:BoundaryEvent' && flowsIn > 0) report(node, 'FLOW_INTO_BOUNDARY');
  if (isEventSubProcess(node) && flowsIn + flowsOut > 0) report(node, 'FLOW_AT_EVENT_SUB_PROCESS');
  const instantiates = isA(node, ['ReceiveTask', 'EventBasedGateway']) && node.get('instantiate') === true;
  if (instantiates && flowsIn > 0) report(node, 'INSTANTIATE_INCOMING');
  const fallback = one(node, 'default');
  const mayHaveDefault = isA(node, [...activityTypes, 'ExclusiveGateway', 'InclusiveGateway', 'ComplexGateway']);
  if (fallback && mayHaveDefault && one(fallback, 'sourceRef') !== node) report(node, 'DEFAULT_FLOW_INVALID');
}

/**
 * `incoming` and `outgoing` repeat what the flows say. A process that leaves them out altogether says nothing wrong; in one
 * that does not, the first difference stands for all.
 */
function checkLists(file: BpmnFile, report: Report): void {
  const byProcess = Map.groupBy(ofType(file, ...nodeTypes), (node) => processOf(node) ?? node);
  for (const nodes of byProcess.values()) {
    if (nodes.every((node) => many(node, 'incoming').length + many(node, 'outgoing').length === 0)) continue;
    for (const node of nodes) {
      const flow = difference(many(node, 'incoming'), incoming(file, node)) ?? difference(many(node, 'outgoing'), outgoing(file, node));
      if (!flow) continue;
      report(node, 'FLOW_LIST_WRONG', { flow: flow.id ?? '' });
      break;
    }
  }
}

const difference = (listed: ModdleElement[], drawn: ModdleElement[]) =>
  drawn.find((flow) => !listed.includes(flow)) ?? listed.find((flow) => !drawn.includes(flow));
