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
    const reached = new Set<ModdleElement>();
    spread(nodes.filter(startsAlone), reached, file);
    const lost = nodes.filter((node) => !reached.has(node));
    // One sentence for a lost path is enough: for its first element, or in a circle for any.
    for (const node of [...lost.filter((each) => isFirst(each, file)), ...lost]) {
      if (reached.has(node)) continue;
      report(node, 'ELEMENT_UNREACHABLE');
      spread([node], reached, file);
    }
  }
}

/** Adds what can be reached from `from` to `reached`. */
function spread(from: ModdleElement[], reached: Set<ModdleElement>, file: BpmnFile): void {
  const open = [...from];
  for (let node = open.pop(); node; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const flow of outgoing(file, node)) open.push(...targetOf(flow));
    for (const event of [...boundaryEvents(file, node), ...linkTargets(node)]) if (!reached.has(event)) open.push(event);
  }
}

const isFirst = (node: ModdleElement, file: BpmnFile) => node.$type !== 'bpmn:BoundaryEvent' && incoming(file, node).length === 0;

/** Starts, and what is not entered by sequence flows. */
function startsAlone(node: ModdleElement): boolean {
  if (isA(node, ['ReceiveTask', 'EventBasedGateway'])) return flag(node, 'instantiate');
  return node.$type === 'bpmn:StartEvent' || isEventSubProcess(node) || flag(node, 'isForCompensation');
}

const targetOf = (flow: ModdleElement): ModdleElement[] => [one(flow, 'targetRef')].filter((target) => target !== undefined);
