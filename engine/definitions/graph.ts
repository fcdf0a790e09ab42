import type { BoundaryEvent, Element, ScopeParts, SequenceFlow } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import type { FlowNodes } from './flow-nodes.ts';
import { flag, many, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Fills in what only the whole graph knows: incoming and outgoing flows, default flows, attached boundary events. */
export function connect(elements: Element[], flows: SequenceFlow[], nodes: FlowNodes, compilation: Compilation): void {
  for (const flow of flows) {
    elements[flow.source]?.outgoing.push(flow.index);
    elements[flow.target]?.incoming.push(flow.index);
  }
  for (const element of elements) {
    if (element.type === 'bpmn:BoundaryEvent') attach(element, elements);
    const defaultFlow = one(nodes.all[element.index] as ModdleElement, 'default');
    if (!defaultFlow) continue;
    const flow = element.outgoing.find((index) => flows[index]?.id === defaultFlow.id);
    if (flow === undefined) compilation.report(element.id, 'DEFAULT_FLOW_INVALID');
    else element.defaultFlow = flow;
  }
}

function attach(event: BoundaryEvent, elements: Element[]): void {
  elements[event.attachedTo]?.boundaryEvents.push(event.index);
}

/** Children, start events and event sub-processes of a process or sub-process. */
export function scopeParts(scope: ModdleElement, nodes: { indexOf: ReadonlyMap<ModdleElement, number> }): ScopeParts {
  const children = many(scope, 'flowElements').filter((child) => nodes.indexOf.has(child));
  const index = (child: ModdleElement) => nodes.indexOf.get(child) as number;
  const starts = children.filter((child) => child.$type === 'bpmn:StartEvent');
  const none = starts.filter((start) => many(start, 'eventDefinitions').length === 0);
  const initial = none[0] ?? (starts.length === 1 ? starts[0] : undefined);
  return {
    children: children.map(index),
    ...(initial && { initial: index(initial) }),
    startEvents: starts.map(index),
    eventSubProcesses: children.filter((child) => child.$type === 'bpmn:SubProcess' && flag(child, 'triggeredByEvent')).map(index),
  };
}
