import type { EventBasedGateway, ProcessElement, ProcessModel } from './model.ts';

/**
 * Where an instance can begin: start events of the process, and what a message begins without one: instantiating receive tasks,
 * and the events behind an instantiating event-based gateway (BPMN 2.0.2 clauses 10.3.3 and 10.6.6).
 */
export function startElements(model: ProcessModel): number[] {
  const { startEvents, children } = model.elements[0] as ProcessElement;
  return [...startEvents, ...children.flatMap((index) => messageStartsAt(model, index))];
}

function messageStartsAt(model: ProcessModel, index: number): number[] {
  const element = model.elements[index];
  if (element?.type === 'bpmn:ReceiveTask') return element.instantiate ? [index] : [];
  return element?.type === 'bpmn:EventBasedGateway' && element.instantiate ? targets(model, element) : [];
}

/** The instantiating gateway that waits for the element's message. */
export function instantiatingGatewayOf(model: ProcessModel, index: number): EventBasedGateway | undefined {
  for (const flow of model.elements[index]?.incoming ?? []) {
    const source = model.elements[model.flows[flow]?.source ?? -1];
    if (source?.type === 'bpmn:EventBasedGateway' && source.instantiate) return source;
  }
  return undefined;
}

/** The elements behind it, in the order of its flows. */
export function targets(model: ProcessModel, gateway: EventBasedGateway): number[] {
  return gateway.outgoing.flatMap((flow) => model.flows[flow]?.target ?? []);
}
