import { groupBy, kindsOf, ofType, outgoing } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Cancel and compensation boundary events: what they sit on and what they lead to. */
export function checkBoundaryEvents(file: BpmnFile, report: Report): void {
  const associations = groupBy(ofType(file, 'Association'), 'sourceRef');
  for (const event of ofType(file, 'BoundaryEvent')) {
    const kinds = kindsOf(event);
    if (kinds.includes('Cancel') && one(event, 'attachedToRef')?.$type !== 'bpmn:Transaction') report(event, 'CANCEL_OUTSIDE_TRANSACTION');
    if (!kinds.includes('Compensate')) continue;
    if (outgoing(file, event).length > 0) report(event, 'COMPENSATION_FLOW');
    if (!associations.get(event)?.some(leadsToHandler)) report(event, 'COMPENSATION_HANDLER_MISSING');
  }
}

function leadsToHandler(association: ModdleElement): boolean {
  const handler = one(association, 'targetRef');
  return handler !== undefined && flag(handler, 'isForCompensation');
}
