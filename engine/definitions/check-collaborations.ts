import { kindsOf, ofType, processOf } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, many, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Pools, message flows, conversations and choreographies: drawn for people, the engine runs none of them. */
export function checkCollaborations(file: BpmnFile, report: Report): void {
  for (const flow of ofType(file, 'MessageFlow')) checkMessageFlow(flow, report);
  for (const range of ofType(file, 'ParticipantMultiplicity')) {
    const [minimum, maximum] = [Number(range.get('minimum') ?? 0), Number(range.get('maximum') ?? 1)];
    if (minimum < 0 || maximum < 1 || maximum < minimum) report(range, 'PARTICIPANT_MULTIPLICITY', { value: `${minimum}..${maximum}` });
  }
  for (const element of ofType(file, 'Choreography', 'GlobalChoreographyTask', 'GlobalConversation')) {
    if (many(element, 'choreographyRef').length > 0) report(element, 'CHOREOGRAPHY_REFERENCE');
  }
  for (const collaboration of ofType(file, 'Collaboration')) {
    if (many(collaboration, 'choreographyRef').some((other) => flag(other, 'isClosed') !== flag(collaboration, 'isClosed')))
      report(collaboration, 'CHOREOGRAPHY_CLOSED');
  }
  for (const conversation of ofType(file, 'GlobalConversation')) {
    const forbidden = ['conversations', 'participantAssociations', 'messageFlowAssociations', 'conversationAssociations', 'artifacts'];
    if (forbidden.some((name) => many(conversation, name).length > 0)) report(conversation, 'GLOBAL_CONVERSATION_CONTENT');
  }
}

function checkMessageFlow(flow: ModdleElement, report: Report): void {
  const source = one(flow, 'sourceRef');
  const target = one(flow, 'targetRef');
  if (!source || !target) return;
  const pool = poolOf(source);
  if (source === target || (pool && pool === poolOf(target))) report(flow, 'MESSAGE_FLOW_SAME_POOL');
  if (cannotSend(source)) report(flow, 'MESSAGE_FLOW_END', { target: source.id ?? '' });
  if (cannotReceive(target)) report(flow, 'MESSAGE_FLOW_END', { target: target.id ?? '' });
  if (source.$type === 'bpmn:EndEvent' && !kindsOf(source).includes('Message')) report(source, 'MESSAGE_FLOW_EVENT');
  if (target.$type === 'bpmn:StartEvent' && !kindsOf(target).includes('Message')) report(target, 'MESSAGE_FLOW_EVENT');
}

/** The process of a pool, or the pool itself when it hides its process. */
function poolOf(node: ModdleElement): ModdleElement | undefined {
  return node.$type === 'bpmn:Participant' ? (one(node, 'processRef') ?? node) : processOf(node);
}

const artifacts = new Set(['bpmn:Association', 'bpmn:TextAnnotation', 'bpmn:Group']);
const cannotSend = ({ $type }: ModdleElement) =>
  artifacts.has($type) || ['bpmn:StartEvent', 'bpmn:IntermediateCatchEvent', 'bpmn:BoundaryEvent'].includes($type);
const cannotReceive = ({ $type }: ModdleElement) =>
  artifacts.has($type) || ['bpmn:EndEvent', 'bpmn:IntermediateThrowEvent'].includes($type);
