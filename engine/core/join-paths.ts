import type { Element, ProcessModel } from './model.ts';

/** Elements of a model as bits, by index. */
type ElementSet = Uint32Array;

/** Per incoming flow of a gateway: where a token can stand that may still come over this flow. */
export type JoinPaths = ReadonlyMap<number, ElementSet>;

const pathsOfModel = new WeakMap<ProcessModel, Map<number, JoinPaths>>();

/**
 * The ways that lead to a joining gateway without visiting it (BPMN 2.0.2 clause 13.4.3), computed once per model.
 * Ways go over sequence flows, boundary events of activities, and links; they stay on the level of the gateway.
 */
export function joinPaths(model: ProcessModel, gateway: Element): JoinPaths {
  let known = pathsOfModel.get(model);
  if (!known) pathsOfModel.set(model, (known = new Map()));
  let paths = known.get(gateway.index);
  if (!paths) known.set(gateway.index, (paths = new Map(gateway.incoming.map((flow) => [flow, upstreamOf(model, gateway, flow)]))));
  return paths;
}

/** True when a token at the element (or waiting at it, if it is a join) can come over the flow. */
export function canComeOver(paths: JoinPaths, flow: number, element: number): boolean {
  const word = paths.get(flow)?.[element >>> 5] ?? 0;
  return (word & (1 << (element & 31))) !== 0;
}

function upstreamOf(model: ProcessModel, gateway: Element, flow: number): ElementSet {
  const reached = new Uint32Array((model.elements.length >>> 5) + 1);
  const open = [model.flows[flow]?.source];
  while (open.length > 0) {
    const element = model.elements[open.pop() ?? -1];
    if (!element || hasBit(reached, element.index)) continue;
    setBit(reached, element.index);
    // A token inside the gateway is about to leave it, so it belongs to the set; what is behind it would have to visit the gateway.
    if (element.index !== gateway.index) open.push(...before(model, element));
  }
  return reached;
}

function before(model: ProcessModel, element: Element): number[] {
  const sources = element.incoming.map((flow) => model.flows[flow]?.source ?? -1);
  if (element.type === 'bpmn:BoundaryEvent') sources.push(element.attachedTo);
  if (element.type === 'bpmn:IntermediateCatchEvent' && element.event.type === 'link') {
    for (const other of model.elements) if (linkTarget(other) === element.index) sources.push(other.index);
  }
  return sources;
}

/** Of a throwing link event: where its token goes on. */
export function linkTarget(element: Element): number | undefined {
  return element.type === 'bpmn:IntermediateThrowEvent' && element.event.type === 'link' ? element.event.target : undefined;
}

const hasBit = (set: ElementSet, index: number) => ((set[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
function setBit(set: ElementSet, index: number): void {
  set[index >>> 5] = (set[index >>> 5] ?? 0) | (1 << (index & 31));
}
