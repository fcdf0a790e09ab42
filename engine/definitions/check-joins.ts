import { boundaryEvents, incoming, kindsOf, nodesOf, ofType, outgoing, scopeTypes } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { linkTargets } from './check-links.ts';
import { concurrency } from './concurrency.ts';
import type { Transition } from './concurrency.ts';
import { one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** More places than this would take noticeable time; no diagram that people read has them on one level. */
const MOST_PLACES = 500;

/**
 * Parallel joins that can never get all their tokens. The level is read as a Petri net that can do at least what the process
 * can (an inclusive split gives all its tokens, any condition may hold), so a join that is dead there is dead.
 */
export function checkJoins(file: BpmnFile, report: Report): void {
  for (const scope of ofType(file, ...scopeTypes)) {
    const nodes = nodesOf(scope);
    const joins = nodes.filter((node) => node.$type === 'bpmn:ParallelGateway' && incoming(file, node).length > 1);
    const starts = nodes.filter((node) => node.$type === 'bpmn:StartEvent');
    const places = new Map<ModdleElement, number>();
    for (const node of nodes) for (const each of [node, ...outgoing(file, node)]) places.set(each, places.size);
    if (joins.length === 0 || starts.length === 0 || places.size > MOST_PLACES) continue;
    // A flow from another level is an error of its own.
    if (
      nodes.some(
        (node) => incoming(file, node).some((flow) => !places.has(flow)) || outgoing(file, node).some((flow) => !inScope(flow, scope)),
      )
    )
      continue;
    const at = (element: ModdleElement) => places.get(element) as number;
    const transitions = nodes.flatMap((node) => transitionsOf(node, nodes, file, at));
    const { live, together } = concurrency(places.size, starts.map(at), transitions);
    for (const join of joins) {
      const flows = incoming(file, join).map(at);
      const canFire = flows.every((flow, index) => live(flow) && flows.slice(0, index).every((other) => together(flow, other)));
      if (!canFire && flows.some(live)) report(join, 'JOIN_DEAD');
    }
  }
}

const inScope = (flow: ModdleElement, scope: ModdleElement) => one(flow, 'targetRef')?.$parent === scope;

/** How tokens come to a node and leave it; a token on a node is work that is going on. */
function transitionsOf(node: ModdleElement, nodes: ModdleElement[], file: BpmnFile, at: (element: ModdleElement) => number): Transition[] {
  const flowsIn = incoming(file, node);
  const flowsOut = outgoing(file, node);
  const arrive =
    node.$type === 'bpmn:ParallelGateway' && flowsIn.length > 0
      ? [{ from: flowsIn.map(at), to: [at(node)] }]
      : flowsIn.map((flow) => ({ from: [at(flow)], to: [at(node)] }));
  const choose = node.$type === 'bpmn:ExclusiveGateway' || node.$type === 'bpmn:EventBasedGateway';
  const leave = choose
    ? flowsOut.map((flow) => ({ from: [at(node)], to: [at(flow)] }))
    : [{ from: [at(node)], to: [...flowsOut, ...linkTargets(node)].map(at) }];
  const events = boundaryEvents(file, node).filter((event) => !kindsOf(event).includes('Compensate') && nodes.includes(event));
  const attached = events.map((event) => ({
    from: [at(node)],
    to: event.get('cancelActivity') === false ? [at(node), at(event)] : [at(event)],
  }));
  return [...arrive, ...leave, ...attached];
}
