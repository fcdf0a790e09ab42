import { isA, isEventSubProcess, kindsOf, ofType, scopeTypes } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import type { ModdleElement } from './moddle-element.ts';

interface Position {
  kinds: readonly string[];
  /** Whether an event without a definition may stand here. */
  none: boolean;
}

const start: Position = { kinds: ['Message', 'Timer', 'Conditional', 'Signal'], none: true };
const eventSubProcessStart: Position = {
  kinds: ['Message', 'Timer', 'Escalation', 'Error', 'Compensate', 'Conditional', 'Signal'],
  none: false,
};
const intermediateCatch: Position = { kinds: ['Message', 'Timer', 'Conditional', 'Link', 'Signal'], none: false };
const intermediateThrow: Position = { kinds: ['Message', 'Escalation', 'Compensate', 'Link', 'Signal'], none: true };
const end: Position = { kinds: ['Message', 'Escalation', 'Error', 'Cancel', 'Compensate', 'Signal', 'Terminate'], none: true };
const boundary: Position = {
  kinds: ['Message', 'Timer', 'Escalation', 'Error', 'Cancel', 'Compensate', 'Conditional', 'Signal'],
  none: false,
};

/** Which event may stand where (BPMN 2.0.2, tables 10.86 to 10.93). */
export function checkEventPositions(file: BpmnFile, report: Report): void {
  for (const event of ofType(file, 'StartEvent', 'IntermediateCatchEvent', 'IntermediateThrowEvent', 'EndEvent', 'BoundaryEvent')) {
    if (!event.$parent || !isA(event.$parent, scopeTypes)) continue;
    const kinds = kindsOf(event);
    const position = positionOf(event);
    if (!position) {
      if (kinds.length > 0) report(event, 'SUB_PROCESS_START');
      continue;
    }
    const wrong = kinds.length === 0 && !position.none ? '—' : kinds.find((kind) => !position.kinds.includes(kind));
    if (wrong !== undefined) refuse(event, wrong, position, report);
    if (event.get('isInterrupting') === false && isEventSubProcess(event.$parent)) checkNonInterrupting(event, kinds, report);
    if (event.get('cancelActivity') === false) checkNonInterrupting(event, kinds, report);
  }
}

/** Undefined for the start of a plain sub-process: the sub-process is its only trigger. */
function positionOf(event: ModdleElement): Position | undefined {
  switch (event.$type) {
    case 'bpmn:IntermediateCatchEvent':
      return intermediateCatch;
    case 'bpmn:IntermediateThrowEvent':
      return intermediateThrow;
    case 'bpmn:EndEvent':
      return end;
    case 'bpmn:BoundaryEvent':
      return boundary;
    default:
      if (event.$parent?.$type === 'bpmn:Process') return start;
      return event.$parent && isEventSubProcess(event.$parent) ? eventSubProcessStart : undefined;
  }
}

function checkNonInterrupting(event: ModdleElement, kinds: string[], report: Report): void {
  if (kinds.includes('Error')) report(event, 'ERROR_NON_INTERRUPTING');
  // Camunda 7 does not look at the attribute of a compensation event: it runs after its activity, so there is nothing to interrupt.
  if (kinds.includes('Compensate')) report(event, 'COMPENSATION_NON_INTERRUPTING');
  if (kinds.includes('Cancel')) refuse(event, 'Cancel', { ...boundary, kinds: boundary.kinds.filter((kind) => kind !== 'Cancel') }, report);
}

function refuse(event: ModdleElement, kind: string, { kinds, none }: Position, report: Report): void {
  const allowed = [...(none ? ['none'] : []), ...kinds.map((each) => each.toLowerCase())].join(', ');
  report(event, 'EVENT_POSITION', { type: kind === '—' ? kind : `${kind}EventDefinition`, allowed });
}
