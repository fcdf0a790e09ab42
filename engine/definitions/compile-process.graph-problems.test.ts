import { loadScripts } from '#engine/expressions/script.ts';
import {
  between,
  bpmn,
  condition,
  extension,
  flow,
  itReportsEach,
  messageBoundary,
  type ModelCase,
  timer,
} from '#test/support/model-problems.ts';

/** Events, flows and gateways that cannot run as they are drawn. */
const cases: ModelCase[] = [
  ['nothing is executable', bpmn('').replace('isExecutable="true"', ''), 'NO_EXECUTABLE_PROCESS', null],
  ['the process has no start event', bpmn('<bpmn:task id="x"/>'), 'START_EVENT_MISSING', 'p'],
  [
    'there are two plain start events',
    bpmn(`${between('<bpmn:task id="x"/>')}<bpmn:startEvent id="s2"/>${flow('s2', 'x')}`),
    'START_EVENT_AMBIGUOUS',
    'p',
  ],
  [
    'an event definition cannot stand there',
    bpmn(between('<bpmn:intermediateCatchEvent id="x"><bpmn:errorEventDefinition id="err"/></bpmn:intermediateCatchEvent>')),
    'EVENT_POSITION',
    'x',
  ],
  [
    'a signal event names no signal',
    bpmn(between('<bpmn:intermediateCatchEvent id="x"><bpmn:signalEventDefinition id="sig"/></bpmn:intermediateCatchEvent>')),
    'SIGNAL_MISSING',
    'x',
  ],
  [
    'an escalation is thrown without a code',
    bpmn(between('<bpmn:intermediateThrowEvent id="x"><bpmn:escalationEventDefinition id="esc"/></bpmn:intermediateThrowEvent>')),
    'ESCALATION_MISSING',
    'x',
  ],
  [
    'a conditional event has no condition',
    bpmn(between('<bpmn:intermediateCatchEvent id="x"><bpmn:conditionalEventDefinition id="c"/></bpmn:intermediateCatchEvent>')),
    'CONDITIONAL_MISSING',
    'x',
  ],
  [
    'a conditional event counts unknown changes',
    bpmn(
      between(
        '<bpmn:intermediateCatchEvent id="x"><bpmn:conditionalEventDefinition id="c" camunda:variableEvents="create, change"><bpmn:condition xsi:type="bpmn:tFormalExpression">${x}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>',
      ),
    ),
    'VARIABLE_EVENT_UNKNOWN',
    'x',
  ],
  [
    'a multiple event has what must stand alone',
    bpmn(
      between(
        '<bpmn:intermediateThrowEvent id="x"><bpmn:messageEventDefinition id="m" camunda:type="external" camunda:topic="t"/><bpmn:messageEventDefinition id="m2" camunda:type="external" camunda:topic="t"/></bpmn:intermediateThrowEvent>',
      ),
    ),
    'MULTIPLE_IMPLEMENTATION',
    'x',
  ],
  [
    'a boundary event waits for an error and a timer both',
    bpmn(
      between(
        `<bpmn:task id="x"/><bpmn:boundaryEvent id="b" attachedToRef="x" parallelMultiple="true">${timer('timeDuration', 'PT1H')}<bpmn:errorEventDefinition id="e"/></bpmn:boundaryEvent><bpmn:task id="y"/>${flow('b', 'y')}`,
      ),
    ),
    'PARALLEL_MULTIPLE',
    'b',
  ],
  [
    'a process starts with several events at once',
    bpmn(
      `<bpmn:startEvent id="s" parallelMultiple="true">${timer('timeDuration', 'PT1H')}${timer('timeDuration', 'PT2H').replace('id="t"', 'id="t2"')}</bpmn:startEvent><bpmn:task id="y"/>${flow('s', 'y')}`,
    ),
    'PARALLEL_MULTIPLE',
    's',
  ],
  [
    'a timeout listener has no timer',
    bpmn(between(`<bpmn:userTask id="x">${extension('<camunda:taskListener id="l" expression="${a}" event="timeout"/>')}</bpmn:userTask>`)),
    'TIMER_MISSING',
    'x',
  ],
  ['a message reference leads nowhere', bpmn(between('<bpmn:receiveTask id="x" messageRef="gone"/>')), 'UNRESOLVED_REFERENCE', 'x'],
  [
    'an error reference leads nowhere',
    bpmn(
      between('<bpmn:task id="x"/>').replace(
        '<bpmn:endEvent id="e"/>',
        '<bpmn:endEvent id="e"><bpmn:errorEventDefinition id="ed" errorRef="gone"/></bpmn:endEvent>',
      ),
    ),
    'ERROR_UNDECLARED',
    'ed',
  ],
  [
    'an error end event has no code',
    bpmn(
      between('<bpmn:task id="x"/>').replace(
        '<bpmn:endEvent id="e"/>',
        '<bpmn:endEvent id="e"><bpmn:errorEventDefinition id="ed"/></bpmn:endEvent>',
      ),
    ),
    'ERROR_MISSING',
    'e',
  ],
  [
    'a timer has no time',
    bpmn(between('<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition id="t"/></bpmn:intermediateCatchEvent>')),
    'TIMER_MISSING',
    'x',
  ],
  [
    'a duration is not ISO 8601',
    bpmn(between(`<bpmn:intermediateCatchEvent id="x">${timer('timeDuration', '30 minutes')}</bpmn:intermediateCatchEvent>`)),
    'TIMER_INVALID',
    'x',
  ],
  ['an id is used twice', bpmn(between('<bpmn:task id="x"/><bpmn:task id="x"/>')), 'DUPLICATE_ID', 'x'],
  ['a flow has no target', bpmn(`${between('<bpmn:task id="x"/>')}<bpmn:sequenceFlow id="f" sourceRef="x"/>`), 'FLOW_DANGLING', 'f'],
  [
    'a flow leaves its sub-process',
    bpmn(`${between('<bpmn:subProcess id="x"><bpmn:startEvent id="s1"/></bpmn:subProcess>')}${flow('s1', 'e', '', 'f')}`),
    'FLOW_CROSSES_SCOPE',
    'f',
  ],
  ['a flow enters a start event', bpmn(`${between('<bpmn:task id="x"/>')}${flow('x', 's')}`), 'FLOW_INTO_START', 's'],
  ['a flow leaves an end event', bpmn(`${between('<bpmn:task id="x"/>')}${flow('e', 'x')}`), 'FLOW_OUT_OF_END', 'e'],
  ['a start event leads nowhere', bpmn('<bpmn:startEvent id="s"/>'), 'ELEMENT_ENDS', 's'],
  [
    'a boundary event leads nowhere',
    bpmn(between(`<bpmn:task id="x"/><bpmn:boundaryEvent id="b" attachedToRef="x">${timer('timeDuration', 'PT1H')}</bpmn:boundaryEvent>`)),
    'ELEMENT_ENDS',
    'b',
  ],
  [
    'an exclusive gateway leads nowhere',
    bpmn(`<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x"/>${flow('s', 'x')}`),
    'GATEWAY_WITHOUT_FLOW',
    'x',
  ],
  [
    'an event-based gateway leads to one event',
    bpmn(
      `<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="x"/><bpmn:intermediateCatchEvent id="y">${timer('timeDuration', 'PT1H')}</bpmn:intermediateCatchEvent>${flow('s', 'x')}${flow('x', 'y')}`,
    ),
    'EVENT_GATEWAY_SINGLE',
    'x',
  ],
  [
    'an end event throws no message',
    bpmn(`<bpmn:startEvent id="s"/><bpmn:endEvent id="e"><bpmn:messageEventDefinition id="m"/></bpmn:endEvent>${flow('s', 'e')}`),
    'MESSAGE_UNSENT',
    'e',
  ],
  [
    'two boundary events of one task wait for one message',
    bpmn(between(`<bpmn:task id="x"/>${['b', 'c'].map(messageBoundary).join('')}`), '<bpmn:message id="m" name="call"/>'),
    'CATCH_AMBIGUOUS',
    'c',
  ],
  ['an element cannot be reached', bpmn(`${between('<bpmn:task id="x"/>')}<bpmn:task id="lost"/>`), 'ELEMENT_UNREACHABLE', 'lost'],
  ['a gateway leads nowhere', bpmn(`<bpmn:startEvent id="s"/><bpmn:parallelGateway id="x"/>${flow('s', 'x')}`), 'ELEMENT_ENDS', 'x'],
  [
    'a flow of an exclusive gateway lacks its condition',
    bpmn(`${between('<bpmn:exclusiveGateway id="x"/>')}${flow('x', 'e')}${flow('x', 'e', condition('${a}'))}`),
    'CONDITION_MISSING',
    'x',
  ],
  [
    'a default flow has a condition',
    bpmn(
      `<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="x" default="f"/><bpmn:endEvent id="e"/>${flow('s', 'x')}${flow('x', 'e', condition('${a}'), 'f')}`,
    ),
    'CONDITION_ON_DEFAULT',
    'f',
  ],
  [
    'a default flow leaves another element',
    bpmn(
      `${between('<bpmn:exclusiveGateway id="x" default="f"/>')}<bpmn:task id="y"/>${flow('x', 'y', condition('${a}'))}${flow('y', 'e', '', 'f')}`,
    ),
    'DEFAULT_FLOW_INVALID',
    'x',
  ],
  [
    'a flow of a parallel gateway has a condition',
    bpmn(
      `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="x"/><bpmn:endEvent id="e"/>${flow('s', 'x')}${flow('x', 'e', condition('${a}'), 'f')}`,
    ),
    'CONDITION_NOT_ALLOWED',
    'f',
  ],
  [
    'a boundary event hangs in the air',
    bpmn(
      `${between('<bpmn:task id="x"/>')}<bpmn:boundaryEvent id="b">${timer('timeDuration', 'PT1H')}</bpmn:boundaryEvent>${flow('b', 'e')}`,
    ),
    'BOUNDARY_NOT_ATTACHED',
    'b',
  ],
  [
    'a boundary event sits on a gateway',
    bpmn(
      `${between('<bpmn:exclusiveGateway id="x"/>')}<bpmn:boundaryEvent id="b" attachedToRef="x">${timer('timeDuration', 'PT1H')}</bpmn:boundaryEvent>${flow('b', 'e')}`,
    ),
    'BOUNDARY_NOT_ATTACHED',
    'b',
  ],
  [
    'an error boundary does not interrupt',
    bpmn(
      `${between('<bpmn:task id="x"/>')}<bpmn:boundaryEvent id="b" attachedToRef="x" cancelActivity="false"><bpmn:errorEventDefinition id="ed"/></bpmn:boundaryEvent>${flow('b', 'e')}`,
    ),
    'ERROR_NON_INTERRUPTING',
    'b',
  ],
  [
    'an error start event does not interrupt',
    bpmn(
      `${between('<bpmn:task id="x"/>')}<bpmn:subProcess id="y" triggeredByEvent="true"><bpmn:startEvent id="s1" isInterrupting="false"><bpmn:errorEventDefinition id="ed"/></bpmn:startEvent><bpmn:endEvent id="e1"/>${flow('s1', 'e1')}</bpmn:subProcess>`,
    ),
    'ERROR_NON_INTERRUPTING',
    's1',
  ],
  [
    'an event-based gateway leads to a task',
    bpmn(
      `<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="x"/><bpmn:task id="y"/><bpmn:task id="z"/>${flow('s', 'x')}${flow('x', 'y')}${flow('x', 'z')}`,
    ),
    'EVENT_GATEWAY_TARGET',
    'x',
  ],
  [
    'a sub-process has a timer start',
    bpmn(
      between(
        `<bpmn:subProcess id="x"><bpmn:startEvent id="s1">${timer('timeDuration', 'PT1H')}</bpmn:startEvent><bpmn:endEvent id="e1"/>${flow('s1', 'e1')}</bpmn:subProcess>`,
      ),
    ),
    'SUB_PROCESS_START',
    'x',
  ],
  [
    'an event sub-process starts plainly',
    bpmn(
      `${between('<bpmn:task id="x"/>')}<bpmn:subProcess id="y" triggeredByEvent="true"><bpmn:startEvent id="s1"/><bpmn:endEvent id="e1"/>${flow('s1', 'e1')}</bpmn:subProcess>`,
    ),
    'EVENT_POSITION',
    's1',
  ],
];

describe('events, flows and gateways of a model', () => {
  before(loadScripts);

  itReportsEach(cases);
});
