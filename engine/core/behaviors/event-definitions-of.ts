import type { Element, EventDefinition, MultipleDefinition } from '../model.ts';

type Single = Exclude<EventDefinition, MultipleDefinition>;

/** The definitions of an event that are of one kind: of a multiple event all of its own. */
export function definitionsOf<T extends Single['type']>(event: EventDefinition, type: T): Extract<Single, { type: T }>[] {
  const definitions = event.type === 'multiple' ? event.definitions : [event];
  return definitions.filter((definition): definition is Extract<Single, { type: T }> => definition.type === type);
}

/** It waits until all of its events have come. */
export function isParallelMultiple(element: Element): boolean {
  return 'event' in element && element.event.type === 'multiple' && element.event.parallel;
}
