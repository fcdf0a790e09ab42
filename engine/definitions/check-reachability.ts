import { boundaryEvents, incoming, isA, isEventSubProcess, nodesOf, ofType, outgoing, scopeTypes } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { linkTargets } from './check-links.ts';
import { flag, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Flow nodes that no token can ever come to: their author forgot a flow. */
export function checkReachability(file: BpmnFile, report: Report): void {
  for (const scope of ofType(file, ...scopeTypes)) {
    const nodes = nodesOf(scope);
    // Without a start event all elements without incoming flows start; in an ad-hoc sub-process people choose.
    if (scope.$type === 'bpmn:AdHocSubProcess' || !nodes.some(({ $type }) => $type === 'bpmn:StartEvent')) continue;
    const reached = reachable(nodes, file);
    // One sentence for the first lost element of a path is enough.
    for (const node of nodes) if (!reached.has(node) && isFirst(node, file)) report(node, 'ELEMENT_UNREACHABLE');
  }
}

function reachable(nodes: ModdleElement[], file: BpmnFile): Set<ModdleElement> {
  const reached = new Set<ModdleElement>();
  const open = nodes.filter(startsAlone);
  for (let node = open.pop(); node; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const flow of outgoing(file, node)) open.push(...targetOf(flow));
    open.push(...boundaryEvents(file, node), ...linkTargets(node, nodes));
  }
  return reached;
}

/** Starts, and what is not entered by sequence flows. */
function startsAlone(node: ModdleElement): boolean {
  if (isA(node, ['ReceiveTask', 'EventBasedGateway'])) return flag(node, 'instantiate');
  return node.$type === 'bpmn:StartEvent' || isEventSubProcess(node) || flag(node, 'isForCompensation');
}

function isFirst(node: ModdleElement, file: BpmnFile): boolean {
  return node.$type !== 'bpmn:BoundaryEvent' && (incoming(file, node).length === 0 || isLoop(node, file));
}

/** A lost circle has no first element: each of its elements is named. */
function isLoop(node: ModdleElement, file: BpmnFile): boolean {
  const seen = new Set<ModdleElement>();
  const open = outgoing(file, node).flatMap(targetOf);
  for (let at = open.pop(); at; at = open.pop()) {
    if (at === node) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...outgoing(file, at).flatMap(targetOf));
  }
  return false;
}

const targetOf = (flow: ModdleElement): ModdleElement[] => [one(flow, 'targetRef')].filter((target) => target !== undefined);
