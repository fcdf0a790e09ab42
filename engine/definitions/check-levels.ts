import { incoming, intermediateTypes, isA, isEventSubProcess, kindsOf, nodesOf, ofType, outgoing, scopeTypes } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Starts and ends of each level, that is of each process and sub-process. */
export function checkLevels(file: BpmnFile, report: Report): void {
  for (const scope of ofType(file, ...scopeTypes)) {
    const nodes = nodesOf(scope);
    const starts = nodes.filter((node) => node.$type === 'bpmn:StartEvent');
    const ends = nodes.filter((node) => node.$type === 'bpmn:EndEvent');
    const instantiated = nodes.some((node) => isA(node, ['ReceiveTask', 'EventBasedGateway']) && flag(node, 'instantiate'));
    if (starts.length > 0 && ends.length === 0) report(scope, 'END_EVENT_MISSING');
    if (ends.length > 0 && starts.length === 0 && !instantiated) report(scope, 'END_WITHOUT_START');
    if (isEventSubProcess(scope) && starts.length !== 1) report(scope, 'EVENT_SUB_PROCESS_START');
    for (const node of nodes) if (endsSilently(node, ends.length > 0, file)) report(node, 'ELEMENT_ENDS');
    // Elsewhere the way from a start event tells (check-reachability).
    if (starts.length === 0) for (const node of nodes) if (neverReached(node, file)) report(node, 'ELEMENT_UNREACHABLE');
  }
}

/** A path may end without an end event only where the level has none at all; events and parallel gateways must always lead on. */
function endsSilently(node: ModdleElement, levelHasEnds: boolean, file: BpmnFile): boolean {
  if (outgoing(file, node).length > 0 || node.$type === 'bpmn:EndEvent') return false;
  if (isA(node, ['StartEvent', 'ParallelGateway'])) return true;
  if (node.$type === 'bpmn:BoundaryEvent') return !kindsOf(node).includes('Compensate');
  if (isA(node, intermediateTypes)) return node.$type === 'bpmn:IntermediateCatchEvent' || !kindsOf(node).includes('Link');
  return levelHasEnds && !flag(node, 'isForCompensation') && !isEventSubProcess(node) && node.$parent?.$type !== 'bpmn:AdHocSubProcess';
}

function neverReached(node: ModdleElement, file: BpmnFile): boolean {
  const isLinkTarget = node.$type === 'bpmn:IntermediateCatchEvent' && kindsOf(node).includes('Link');
  return (
    isA(node, intermediateTypes) && !isLinkTarget && incoming(file, node).length === 0 && node.$parent?.$type !== 'bpmn:AdHocSubProcess'
  );
}
