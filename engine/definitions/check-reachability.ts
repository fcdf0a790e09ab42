import type { ProcessModel } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';

/** Reports flow nodes that no token can ever come to: their author forgot a flow. */
export function checkReachability(model: ProcessModel, compilation: Compilation): void {
  const reached = new Set<number>();
  const open = [0];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    open.push(...nextOf(model, index));
  }
  for (const element of model.elements) {
    // One sentence for the outermost lost element is enough; its children follow from it.
    if (!reached.has(element.index) && (element.parent < 0 || reached.has(element.parent)))
      compilation.report(element.id, 'ELEMENT_UNREACHABLE');
  }
}

function nextOf(model: ProcessModel, index: number): number[] {
  const element = model.elements[index];
  if (!element) return [];
  const next = [...element.boundaryEvents, ...element.outgoing.map((flow) => model.flows[flow]?.target ?? index)];
  if (element.type === 'bpmn:Process' || element.type === 'bpmn:SubProcess')
    next.push(...element.startEvents, ...element.eventSubProcesses);
  return next;
}
