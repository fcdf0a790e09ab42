import type { Element, EventDefinition, MultipleDefinition } from '../model.ts';

type Single = Exclude<EventDefinition, MultipleDefinition>;

/** The event itself, or those that a multiple event consists of. */
export function singleDefinitions(event: EventDefinition): readonly Single[] {
  return event.type === 'multiple' ? event.definitions : [event];
}

/** The definition that a job or subscription waits for; `index`: of a multiple event, which of its definitions. */
export function definitionAt(element: Element, index = 0): Single | undefined {
  return 'event' in element ? singleDefinitions(element.event)[index] : undefined;
}

export function definitionsOf<T extends Single['type']>(event: EventDefinition, type: T): Extract<Single, { type: T }>[] {
  return singleDefinitions(event).filter((definition): definition is Extract<Single, { type: T }> => definition.type === type);
}

/** It waits until all of its events have come. */
export function isParallelMultiple(element: Element): boolean {
  return 'event' in element && element.event.type === 'multiple' && element.event.parallel;
}
