import { startEventOf } from '../behaviors/event-sub-processes.ts';
import { isEventSubProcess, isLooped } from '../instance-tree.ts';
import type { Element, ProcessModel } from '../model.ts';
import { BODY_SUFFIX } from '../modification/instructions.ts';
import { elementAt } from '../run.ts';
import { targets } from '../start-elements.ts';
import type { ElementInstance } from '../state.ts';

/** What a migration maps: an element, or the body around the runs of a looped one (`x#multiInstanceBody`). The process itself is one, too. */
export interface Activity {
  readonly element: Element;
  readonly isBody: boolean;
}

export function findActivity(model: ProcessModel, id: string): Activity | undefined {
  const isBody = id.endsWith(BODY_SUFFIX);
  const index = model.indexById[isBody ? id.slice(0, -BODY_SUFFIX.length) : id];
  const element = index === undefined || index === 0 ? undefined : model.elements[index];
  return element && (!isBody || isLooped(element)) ? { element, isBody } : undefined;
}

export function activityId({ element, isBody }: Activity): string {
  return isBody ? `${element.id}${BODY_SUFFIX}` : element.id;
}

/** Names the activity inside its model. */
export function keyOf({ element, isBody }: Activity): number {
  return element.index * 2 + (isBody ? 1 : 0);
}

/** As flows come to it: of a looped element its body. */
export function outermost(element: Element): Activity {
  return { element, isBody: isLooped(element) };
}

/** The scope that it stands in; undefined for the process. */
export function parentOf(model: ProcessModel, { element, isBody }: Activity): Activity | undefined {
  if (!isBody && isLooped(element)) return { element, isBody: true };
  return element.parent < 0 ? undefined : { element: elementAt(model, element.parent), isBody: false };
}

/** The scopes around it, the nearest first, the process last. */
export function scopesAround(model: ProcessModel, activity: Activity): Activity[] {
  const scopes: Activity[] = [];
  for (let at = parentOf(model, activity); at; at = parentOf(model, at)) scopes.push(at);
  return scopes;
}

/** What a boundary event or the start event of an event sub-process waits with; undefined for all else. */
export function eventScopeOf(model: ProcessModel, { element }: Activity): Activity | undefined {
  if (element.type === 'bpmn:BoundaryEvent') return outermost(elementAt(model, element.attachedTo));
  const parent = element.type === 'bpmn:StartEvent' ? model.elements[element.parent] : undefined;
  if (!parent || !isEventSubProcess(parent)) return undefined;
  return { element: elementAt(model, parent.parent), isBody: false };
}

/** Elements that wait as long as an instance of the activity is active: boundary events, starts of event sub-processes, events behind a gateway. */
export function eventsOf(model: ProcessModel, { element, isBody }: Activity): number[] {
  const isHost = isBody || !isLooped(element);
  const behind = element.type === 'bpmn:EventBasedGateway' ? targets(model, element) : [];
  const starts =
    !isBody && 'eventSubProcesses' in element ? element.eventSubProcesses.map((index) => startEventOf(model, index).index) : [];
  return [...(isHost ? element.boundaryEvents : []), ...starts, ...behind];
}

/** The activity that an element instance is one of. `around`: the element instance of its scope. */
export function activityOf(model: ProcessModel, instance: ElementInstance, around: ElementInstance | undefined): Activity {
  const element = elementAt(model, instance.element);
  return { element, isBody: isLooped(element) && around?.element !== instance.element };
}
