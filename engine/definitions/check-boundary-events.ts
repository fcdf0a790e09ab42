import { kindsOf, ofType, outgoing } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Cancel and compensation boundary events: what they sit on and what they lead to. */
export function checkBoundaryEvents(file: BpmnFile, report: Report): void {
  for (const event of ofType(file, 'BoundaryEvent')) {
    const kinds = kindsOf(event);
    if (kinds.includes('Cancel') && one(event, 'attachedToRef')?.$type !== 'bpmn:Transaction') report(event, 'CANCEL_OUTSIDE_TRANSACTION');
    if (!kinds.includes('Compensate')) continue;
    if (outgoing(file, event).length > 0) report(event, 'COMPENSATION_FLOW');
    if (!handlersOf(event, file).some((handler) => flag(handler, 'isForCompensation'))) report(event, 'COMPENSATION_HANDLER_MISSING');
  }
}

/** The activities at the other end of the event's associations. */
function handlersOf(event: ModdleElement, file: BpmnFile): ModdleElement[] {
  return ofType(file, 'Association').flatMap((association) => {
    const handler = one(association, 'sourceRef') === event ? one(association, 'targetRef') : undefined;
    return handler ? [handler] : [];
  });
}
