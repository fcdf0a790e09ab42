import { eventDefinitions, inExecutable, isEventSubProcess, kindOf, ofType } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

const throwing = ['IntermediateThrowEvent', 'EndEvent'];
const events = [...throwing, 'StartEvent', 'IntermediateCatchEvent', 'BoundaryEvent'];

/** What event definitions need beside their right place. */
export function checkEvents(file: BpmnFile, report: Report): void {
  for (const event of ofType(file, ...throwing)) {
    for (const definition of eventDefinitions(event)) checkEscalation(event, definition, report);
  }
  checkShared(file, report);
  checkOperations(file, report);
  for (const event of ofType(file, 'BoundaryEvent', 'StartEvent')) checkCycle(event, report);
  for (const event of ofType(file, 'EndEvent')) {
    if (eventDefinitions(event).some((each) => kindOf(each) === 'Cancel') && !inTransaction(event))
      report(event, 'CANCEL_OUTSIDE_TRANSACTION');
  }
}

function checkEscalation(event: ModdleElement, definition: ModdleElement, report: Report): void {
  if (kindOf(definition) !== 'Escalation' || !inExecutable(event)) return;
  const escalation = one(definition, 'escalationRef');
  if (!escalation || text(escalation, 'escalationCode') === undefined) report(event, 'ESCALATION_MISSING');
}

/** A definition within a throw event is its own; only global definitions may be referred to. */
function checkShared(file: BpmnFile, report: Report): void {
  const users = new Map(
    ofType(file, ...events).flatMap((event) => many(event, 'eventDefinitionRef').map((each) => [each, event] as const)),
  );
  for (const event of ofType(file, ...throwing)) {
    const user = many(event, 'eventDefinitions').flatMap((each) => users.get(each) ?? [])[0];
    if (user) report(event, 'EVENT_DEFINITION_SHARED', { other: user.id ?? '' });
  }
}

/** Only where the file describes its messages and services in BPMN's own way: Camunda 7's modeller never does. */
function checkOperations(file: BpmnFile, report: Report): void {
  if (ofType(file, 'ItemDefinition', 'Interface').length === 0) return;
  for (const definition of ofType(file, 'MessageEventDefinition')) {
    if (inExecutable(definition) && !one(definition, 'operationRef')) report(definition, 'OPERATION_MISSING');
  }
}

/** `R/PT5M` and cron expressions; `R/PT5M/<end>` and `R3/PT5M` end. */
const isEndless = (cycle: string) => (cycle.startsWith('R') ? /^R\/[^/]+(?:\/P[^/]*)?$/.test(cycle) : cycle.split(/\s+/, 5).length === 5);

/** At the start of a process an endless cycle is what one means; while an activity is open it is not. */
function checkCycle(event: ModdleElement, report: Report): void {
  const nonInterrupting =
    event.$type === 'bpmn:BoundaryEvent'
      ? event.get('cancelActivity') === false
      : event.get('isInterrupting') === false && event.$parent !== undefined && isEventSubProcess(event.$parent);
  if (!nonInterrupting) return;
  for (const definition of eventDefinitions(event)) {
    const cycle = one(definition, 'timeCycle');
    const value = (cycle && text(cycle, 'body')) ?? '';
    if (isEndless(value) && !/[$#]\{|^=/.test(value)) report(event, 'TIMER_ENDLESS', { value });
  }
}

function inTransaction(event: ModdleElement): boolean {
  for (let at = event.$parent; at; at = at.$parent) if (at.$type === 'bpmn:Transaction') return true;
  return false;
}
