import { isEventSubProcess } from './instance-tree.ts';
import type { AdHocSubProcess, ProcessModel } from './model.ts';

/** The element of an ad-hoc sub-process that a person or program may begin: no flow, event or compensation leads to it. */
export function elementToBegin(model: ProcessModel, { children }: AdHocSubProcess, id: string): number | undefined {
  const index = model.indexById[id];
  const element = index === undefined || !children.includes(index) ? undefined : model.elements[index];
  if (!element || element.type === 'bpmn:BoundaryEvent' || element.type === 'bpmn:StartEvent' || element.isForCompensation)
    return undefined;
  if (isEventSubProcess(element)) return undefined;
  return element.incoming.length === 0 ? index : undefined;
}

/** `activeElements` as written text. */
export function splitIds(text: string): string[] {
  return text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}
