import { boundaryEvents, eventDefinitions, inExecutable, isEventSubProcess, kindOf, nodesOf, ofType, scopeTypes } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/**
 * Events that wait at one place for the same thing: on one activity, at the start of a process, or at the starts of the event
 * sub-processes of one level. Camunda 7 refuses them too.
 */
export function checkCatchEvents(file: BpmnFile, report: Report): void {
  for (const events of places(file)) {
    const first = new Map<string, ModdleElement>();
    for (const event of events) {
      for (const what of awaited(event)) {
        const other = first.get(what);
        if (other && other !== event) report(event, 'CATCH_AMBIGUOUS', { other: other.id ?? '', what });
        first.set(what, event);
      }
    }
  }
}

function* places(file: BpmnFile): Generator<ModdleElement[]> {
  for (const host of file.attached.keys()) if (inExecutable(host)) yield boundaryEvents(file, host);
  for (const scope of ofType(file, ...scopeTypes)) {
    if (!inExecutable(scope)) continue;
    const nodes = nodesOf(scope);
    const starts = (nodesHere: ModdleElement[]) => nodesHere.filter(({ $type }) => $type === 'bpmn:StartEvent');
    yield starts(nodes);
    yield nodes.filter(isEventSubProcess).flatMap((each) => starts(nodesOf(each)));
  }
}

function awaited(event: ModdleElement): string[] {
  return eventDefinitions(event).flatMap((definition) => {
    switch (kindOf(definition)) {
      case 'Message':
        return named('message', one(definition, 'messageRef'), 'name');
      case 'Signal':
        return named('signal', one(definition, 'signalRef'), 'name');
      case 'Escalation':
        return named('escalation', one(definition, 'escalationRef'), 'escalationCode', '');
      case 'Conditional':
        return event.$parent?.$type === 'bpmn:Process' && event.$type === 'bpmn:StartEvent'
          ? named('condition', one(definition, 'condition'), 'body')
          : [];
      default:
        return [];
    }
  });
}

/** @param absent what stands for no name; without it nothing is awaited then */
function named(kind: string, element: ModdleElement | undefined, property: string, absent?: string): string[] {
  const name = (element && text(element, property)) ?? absent;
  return name === undefined ? [] : [`${kind} ${name}`.trim()];
}
