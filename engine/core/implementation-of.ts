import type { Element, ServiceImplementation } from './model.ts';

/** What does the work of a task, or of a throwing message event; undefined for elements that have none. */
export function implementationOf(element: Element): ServiceImplementation | undefined {
  if ('implementation' in element) return element.implementation;
  return 'event' in element && element.event.type === 'message' ? element.event.implementation : undefined;
}
