import { many } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** The flow nodes and sequence flows of a process in the order of the file, sub-processes included; index 0 is the process. */
export interface FlowNodes {
  all: ModdleElement[];
  indexOf: Map<ModdleElement, number>;
  flows: ModdleElement[];
}

/** Drawn for people, without meaning for the engine. */
const decorations = new Set(['bpmn:DataObject', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference']);

export function collectNodes(process: ModdleElement): FlowNodes {
  const nodes: FlowNodes = { all: [], indexOf: new Map(), flows: [] };
  collect(process, nodes);
  return nodes;
}

// The guard's depth limit bounds this recursion.
function collect(node: ModdleElement, nodes: FlowNodes): void {
  nodes.indexOf.set(node, nodes.all.length);
  nodes.all.push(node);
  if (!isScope(node)) return;
  for (const child of many(node, 'flowElements')) {
    if (child.$type === 'bpmn:SequenceFlow') nodes.flows.push(child);
    else if (!decorations.has(child.$type)) collect(child, nodes);
  }
}

export const isScope = (node: ModdleElement) =>
  ['bpmn:Process', 'bpmn:SubProcess', 'bpmn:Transaction', 'bpmn:AdHocSubProcess'].includes(node.$type);
