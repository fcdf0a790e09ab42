import { definitionsOf } from './behaviors/event-definitions-of.ts';
import type { Element, EventDefinition, ProcessModel, TimerDefinition } from './model.ts';
import type { JobKind } from './state.ts';

/** An element of a process that makes jobs of one kind: Camunda's job definition. */
export interface JobDefinition {
  /** BPMN id. */
  element: string;
  kind: JobKind | 'timer-start';
  /** Camunda's job type. */
  type: string;
  /** `async-before`, `async-after`, or the timer as written. */
  configuration: string;
}

/** What of a process can make jobs, in the order of the model. */
export function jobDefinitionsOf(model: ProcessModel): JobDefinition[] {
  return model.elements.flatMap((element) => [...continuations(element), ...timers(model, element), ...messages(element)]);
}

function continuations({ id, asyncBefore, asyncAfter, multiInstance }: Element): JobDefinition[] {
  const found: JobDefinition[] = [];
  const type = 'async-continuation';
  if (asyncBefore || multiInstance?.asyncBefore) found.push({ element: id, kind: 'async-before', type, configuration: 'async-before' });
  if (asyncAfter || multiInstance?.asyncAfter) found.push({ element: id, kind: 'async-after', type, configuration: 'async-after' });
  return found;
}

function timers(model: ProcessModel, element: Element): JobDefinition[] {
  if (element.type === 'bpmn:UserTask') {
    const timed = element.taskListeners?.find(({ timer }) => timer);
    return timed?.timer ? [{ element: element.id, kind: 'timer', type: 'timer-task-listener', configuration: written(timed.timer) }] : [];
  }
  const [timer] = definitionsOf(eventOf(element), 'timer');
  if (!timer) return [];
  const isProcessStart = element.type === 'bpmn:StartEvent' && element.parent === 0;
  return [{ element: element.id, kind: isProcessStart ? 'timer-start' : 'timer', type: timerType(model, element), configuration: written(timer) }];
}

function timerType(model: ProcessModel, element: Element): string {
  if (element.type === 'bpmn:BoundaryEvent') return 'timer-transition';
  if (element.type !== 'bpmn:StartEvent') return 'timer-intermediate-transition';
  return model.elements[element.parent]?.type === 'bpmn:Process' ? 'timer-start-event' : 'timer-start-event-subprocess';
}

/** A message that the engine delivers itself waits in a job. */
function messages(element: Element): JobDefinition[] {
  const isThrown = element.type === 'bpmn:IntermediateThrowEvent' || element.type === 'bpmn:EndEvent';
  const isSent = element.type === 'bpmn:SendTask' && !element.implementation;
  const [message] = isThrown ? definitionsOf(element.event, 'message') : [];
  if (!isSent && !(message && !message.implementation)) return [];
  return [{ element: element.id, kind: 'send-message', type: 'send-message', configuration: 'send-message' }];
}

function eventOf(element: Element): EventDefinition {
  return 'event' in element ? element.event : { type: 'none' };
}

/** As Camunda writes it: `DURATION: PT10M`. */
function written({ kind, expression }: TimerDefinition): string {
  return `${kind.toUpperCase()}: ${expression.language === 'literal' ? expression.value : expression.source}`;
}
