import type { Element } from '#engine/core/model.ts';
import { invalidInput } from '#engine/errors.ts';

/** Types whose Camunda name is the BPMN name; events are named by what they wait for or throw. */
const PLAIN = ['userTask', 'serviceTask', 'sendTask', 'receiveTask', 'scriptTask', 'businessRuleTask', 'manualTask', 'task', 'exclusiveGateway', 'parallelGateway', 'subProcess', 'callActivity'];

/** The stored type behind Camunda's name. @throws RequestError 400 for event types, which are stored more coarsely. */
export function storedType(activityType: string): string {
  if (activityType === 'multiInstanceBody') return activityType;
  if (PLAIN.includes(activityType)) return `bpmn:${activityType.charAt(0).toUpperCase()}${activityType.slice(1)}`;
  throw invalidInput('QUERY_INVALID', `Expected activityType to be one of ${PLAIN.join(', ')}, but it is another`, { problem: 'activityType' });
}

/** @see https://docs.camunda.org/javadoc/camunda-bpm-platform/7.24/org/camunda/bpm/engine/ActivityTypes.html */
export function activityType(stored: string, element: Element | undefined): string {
  if (stored === 'multiInstanceBody' || !element) return stored.replace(/^bpmn:(.)/, (_, first: string) => first.toLowerCase());
  switch (element.type) {
    case 'bpmn:StartEvent':
      return element.event.type === 'none' ? 'startEvent' : `${element.event.type}StartEvent`.replace('timerStartEvent', 'startTimerEvent');
    case 'bpmn:EndEvent':
      return element.event.type === 'none' ? 'noneEndEvent' : element.event.type === 'terminate' ? 'terminateEndEvent' : `${element.event.type}EndEvent`;
    case 'bpmn:BoundaryEvent':
      return `boundary${capital(element.event.type)}`;
    case 'bpmn:IntermediateCatchEvent':
      return element.event.type === 'timer' ? 'intermediateTimer' : 'intermediateMessageCatch';
    case 'bpmn:IntermediateThrowEvent':
      return element.event.type === 'none' ? 'intermediateNoneThrowEvent' : 'intermediateMessageThrowEvent';
    case 'bpmn:EventBasedGateway':
      return 'eventBasedGateway';
    default:
      return stored.replace(/^bpmn:(.)/, (_, first: string) => first.toLowerCase());
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
