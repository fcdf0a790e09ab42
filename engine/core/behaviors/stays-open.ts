import type { BoundaryEvent, Element, StartEvent } from '../model.ts';

/** A non-interrupting boundary event or event sub-process start can be triggered again and again. */
export function staysOpen(element: Element): boolean {
  return (element.type === 'bpmn:BoundaryEvent' || element.type === 'bpmn:StartEvent') && !interrupts(element);
}

/** An error and the cancel of a transaction always interrupt, whatever the model says. */
export function interrupts(element: BoundaryEvent | StartEvent): boolean {
  return element.interrupting || element.event.type === 'error' || element.event.type === 'cancel';
}
