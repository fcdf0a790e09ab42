import { groupBy, isA, kindsOf, nodeTypes, ofType, outgoing } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, one } from './moddle-element.ts';

/** Cancel and compensation boundary events: what they sit on and what they lead to. */
export function checkBoundaryEvents(file: BpmnFile, report: Report): void {
  const associations = groupBy(ofType(file, 'Association'), 'sourceRef');
  for (const event of ofType(file, 'BoundaryEvent')) {
    const kinds = kindsOf(event);
    if (kinds.includes('Cancel') && one(event, 'attachedToRef')?.$type !== 'bpmn:Transaction') report(event, 'CANCEL_OUTSIDE_TRANSACTION');
    if (!kinds.includes('Compensate')) continue;
    if (outgoing(file, event).length > 0) report(event, 'COMPENSATION_FLOW');
    // A text annotation hangs on an association, too.
    const associated = (associations.get(event) ?? []).map((each) => one(each, 'targetRef')).filter((to) => to && isA(to, nodeTypes));
    if (associated.length === 0) report(event, 'COMPENSATION_UNHANDLED');
    else if (!associated.some((to) => to && flag(to, 'isForCompensation'))) report(event, 'COMPENSATION_HANDLER_MISSING');
  }
}
