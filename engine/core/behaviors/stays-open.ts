import type { Element } from '../model.ts';

/** A non-interrupting boundary event or event sub-process start can be triggered again and again. */
export function staysOpen(element: Element): boolean {
  return (element.type === 'bpmn:BoundaryEvent' || element.type === 'bpmn:StartEvent') && !element.interrupting;
}
