import assert from 'node:assert/strict';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { loadScripts } from '#engine/expressions/script.ts';
import { compileProcesses } from './compile-process.ts';
import { isError } from './problem.ts';
import type { Problem } from './problem.ts';

/** A definitions element around process content; `start → <id> → end` flows are the caller's. */
const bpmn = (content: string, roots = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:songbai="https://songbai.example/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
${roots}<bpmn:process id="p" isExecutable="true">${content}</bpmn:process></bpmn:definitions>`;

let flowCount = 0;
const flow = (from: string, to: string, inner = '', id = `flow${++flowCount}`) =>
  `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${inner}</bpmn:sequenceFlow>`;
const condition = (text: string, attributes = '') =>
  `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" ${attributes}>${text}</bpmn:conditionExpression>`;
/** The element between a start and an end event. */
const between = (element: string, id = 'x') => `<bpmn:startEvent id="s"/>${element}<bpmn:endEvent id="e"/>${flow('s', id)}${flow(id, 'e')}`;
const extension = (content: string) => `<bpmn:extensionElements>${content}</bpmn:extensionElements>`;
const timer = (kind: string, text: string) =>
  `<bpmn:timerEventDefinition id="t"><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${kind}></bpmn:timerEventDefinition>`;

const messageBoundary = (id: string) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="x"><bpmn:messageEventDefinition id="d${id}" messageRef="m"/></bpmn:boundaryEvent>`;

async function problemsOf(xml: string): Promise<Problem[]> {
  const { models, problems } = await compileProcesses(xml, { checkExpression });
  assert.equal(models.length, problems.some(isError) ? 0 : 1, 'a file with errors must yield no model');
  return problems;
}

type Case = [situation: string, xml: string, code: string, elementId: string | null];

const cases: Case[] = [
  ['nothing is executable', bpmn('').replace('isExecutable="true"', ''), 'NO_EXECUTABLE_PROCESS', null],
  ['the process has no start event', bpmn('<bpmn:task id="x"/>'), 'START_EVENT_MISSING', 'p'],
  [
    'there are two plain start events',
    bpmn(`${between('<bpmn:task id="x"/>')}<bpmn:startEvent id="s2"/>${flow('s2', 'x')}`),
    'START_EVENT_AMBIGUOUS',
    'p',
  ],
  ['a choreography is called', bpmn(between('<bpmn:callChoreography id="x"/>')), 'UNSUPPORTED_ELEMENT', 'x'],
  [
    'an ad-hoc sub-process begins with what is not inside',
    bpmn(between('<bpmn:adHocSubProcess id="x" songbai:activeElements="a, s"><bpmn:task id="a"/></bpmn:adHocSubProcess>')),
    'AD_HOC_ELEMENT_UNKNOWN',
    'x',
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
  ['a Java class is named', bpmn(between('<bpmn:serviceTask id="x" camunda:class="com.example.Send"/>')), 'JAVA_DELEGATE', 'x'],
  [
    'a delegate expression is named',
    bpmn(between('<bpmn:serviceTask id="x" camunda:delegateExpression="${bean}"/>')),
    'JAVA_DELEGATE',
    'x',
  ],
  [
    'a listener names a Java class',
    bpmn(between(`<bpmn:task id="x">${extension('<camunda:executionListener class="A" event="start"/>')}</bpmn:task>`)),
    'LISTENER_JAVA',
    'x',
  ],
  [
    'a listener names an event that its element does not have',
    bpmn(between(`<bpmn:userTask id="x">${extension('<camunda:taskListener expression="${a}" event="end"/>')}</bpmn:userTask>`)),
    'LISTENER_EVENT',
    'x',
  ],
  [
    'a listener does nothing',
    bpmn(between(`<bpmn:userTask id="x">${extension('<camunda:executionListener event="end"/>')}</bpmn:userTask>`)),
    'SCRIPT_MISSING',
    'x',
  ],
  [
    'a timeout listener has no timer',
    bpmn(between(`<bpmn:userTask id="x">${extension('<camunda:taskListener id="l" expression="${a}" event="timeout"/>')}</bpmn:userTask>`)),
    'TIMER_MISSING',
    'x',
  ],
  [
    'a connector is used',
    bpmn(
      between(
        `<bpmn:serviceTask id="x">${extension('<camunda:connector><camunda:connectorId>http</camunda:connectorId></camunda:connector>')}</bpmn:serviceTask>`,
      ),
    ),
    'CONNECTOR',
    'x',
  ],
  ['a service task does nothing', bpmn(between('<bpmn:serviceTask id="x"/>')), 'IMPLEMENTATION_MISSING', 'x'],
  ['an external task has no topic', bpmn(between('<bpmn:serviceTask id="x" camunda:type="external"/>')), 'TOPIC_MISSING', 'x'],
  [
    'an embedded form field cannot be taken over',
    bpmn(
      between(
        `<bpmn:userTask id="x">${extension('<camunda:formData><camunda:formField id="f" type="customer"/></camunda:formData>')}</bpmn:userTask>`,
      ),
    ),
    'FORM_DATA',
    'x',
  ],
  [
    'a field has an unknown access',
    bpmn(
      between(
        `<bpmn:userTask id="x">${extension('<songbai:fields><songbai:field name="a" access="secret"/></songbai:fields>')}</bpmn:userTask>`,
      ),
    ),
    'FIELD_ACCESS_INVALID',
    'x',
  ],
  ['a call activity calls nothing', bpmn(between('<bpmn:callActivity id="x"/>')), 'CALLED_ELEMENT_MISSING', 'x'],
  [
    'a binding lacks its version',
    bpmn(between('<bpmn:callActivity id="x" calledElement="y" camunda:calledElementBinding="version"/>')),
    'BINDING_INVALID',
    'x',
  ],
  [
    'a mapping lacks its target',
    bpmn(between(`<bpmn:callActivity id="x" calledElement="y">${extension('<camunda:in source="a"/>')}</bpmn:callActivity>`)),
    'MAPPING_INVALID',
    'x',
  ],
  ['a receive task that starts the process names no message', bpmn(between('<bpmn:receiveTask id="x" instantiate="true"/>')), 'MESSAGE_MISSING', 'x'],
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
  [
    'a script is Groovy',
    bpmn(between('<bpmn:scriptTask id="x" scriptFormat="groovy"><bpmn:script>1</bpmn:script></bpmn:scriptTask>')),
    'SCRIPT_LANGUAGE',
    'x',
  ],
  ['a script task is empty', bpmn(between('<bpmn:scriptTask id="x" scriptFormat="javascript"/>')), 'SCRIPT_MISSING', 'x'],
  [
    'a script cannot be parsed',
    bpmn(between('<bpmn:scriptTask id="x" scriptFormat="javascript"><bpmn:script>let = ;</bpmn:script></bpmn:scriptTask>')),
    'EXPRESSION_INVALID',
    'x',
  ],
  [
    'a multi-instance has no extent',
    bpmn(between('<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics/></bpmn:task>')),
    'MULTI_INSTANCE_INCOMPLETE',
    'x',
  ],
  ['a standard loop has no end', bpmn(between('<bpmn:task id="x"><bpmn:standardLoopCharacteristics/></bpmn:task>')), 'LOOP_INCOMPLETE', 'x'],
  [
    'a loop maximum is no number',
    bpmn(between('<bpmn:task id="x"><bpmn:standardLoopCharacteristics loopMaximum="0"/></bpmn:task>')),
    'LOOP_MAXIMUM_INVALID',
    'x',
  ],
  [
    'a multi-instance names half of its output',
    bpmn(between('<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics camunda:collection="l" songbai:outputCollection="o"/></bpmn:task>')),
    'LOOP_OUTPUT_INCOMPLETE',
    'x',
  ],
  [
    'a retry cycle is nonsense',
    bpmn(between(`<bpmn:task id="x">${extension('<camunda:failedJobRetryTimeCycle>often</camunda:failedJobRetryTimeCycle>')}</bpmn:task>`)),
    'RETRY_CYCLE_INVALID',
    'x',
  ],
  ['an assignee expression is broken', bpmn(between('<bpmn:userTask id="x" camunda:assignee="${a +}"/>')), 'EXPRESSION_INVALID', 'x'],
  [
    'a FEEL condition is broken',
    bpmn(`<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>${flow('s', 'e', condition('= a >', ''), 'f')}`),
    'EXPRESSION_INVALID',
    'f',
  ],
  [
    'a condition is plain text',
    bpmn(`<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>${flow('s', 'e', condition('a is b'), 'f')}`),
    'EXPRESSION_INVALID',
    'f',
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
    bpmn(
      between(`<bpmn:task id="x"/><bpmn:boundaryEvent id="b" attachedToRef="x">${timer('timeDuration', 'PT1H')}</bpmn:boundaryEvent>`),
    ),
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
  [
    'the message of a start event has an expression as name',
    bpmn(
      `<bpmn:startEvent id="s"><bpmn:messageEventDefinition id="md" messageRef="m"/></bpmn:startEvent><bpmn:endEvent id="e"/>${flow('s', 'e')}`,
      '<bpmn:message id="m" name="call-${place}"/>',
    ),
    'MESSAGE_NAME_EXPRESSION',
    's',
  ],
  ['a priority is no number', bpmn(between('<bpmn:task id="x" camunda:jobPriority="high"/>')), 'PRIORITY_INVALID', 'x'],
  [
    'a time to live is no number of days',
    bpmn(between('<bpmn:task id="x"/>')).replace('<bpmn:process ', '<bpmn:process camunda:historyTimeToLive="P1M" '),
    'TIME_TO_LIVE_INVALID',
    'p',
  ],
  [
    'a history level is unknown',
    bpmn(between('<bpmn:task id="x"/>')).replace('<bpmn:process ', '<bpmn:process xmlns:songbai="https://songbai.example/schema/1.0/bpmn" songbai:historyLevel="most" '),
    'HISTORY_LEVEL_INVALID',
    'p',
  ],
  [
    'a task has a form key and a form reference',
    bpmn(between('<bpmn:userTask id="x" camunda:formKey="a" camunda:formRef="b"/>')),
    'FORM_AMBIGUOUS',
    'x',
  ],
  [
    'an event-based gateway continues later',
    bpmn(
      `<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="x" camunda:asyncAfter="true"/><bpmn:intermediateCatchEvent id="y">${timer('timeDuration', 'PT1H')}</bpmn:intermediateCatchEvent>${flow('s', 'x')}${flow('x', 'y')}`,
    ),
    'UNSUPPORTED_ATTRIBUTE',
    'x',
  ],
  ['an element cannot be reached', bpmn(`${between('<bpmn:task id="x"/>')}<bpmn:task id="lost"/>`), 'ELEMENT_UNREACHABLE', 'lost'],
  [
    'a gateway leads nowhere',
    bpmn(`<bpmn:startEvent id="s"/><bpmn:parallelGateway id="x"/>${flow('s', 'x')}`),
    'ELEMENT_ENDS',
    'x',
  ],
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
  ['a task waits for two tokens', bpmn(between('<bpmn:task id="x" startQuantity="2"/>')), 'UNSUPPORTED_ATTRIBUTE', 'x'],
  [
    'a cardinality is no number',
    bpmn(
      between(
        '<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">many</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:task>',
      ),
    ),
    'EXPRESSION_INVALID',
    'x',
  ],
  [
    'a collection is no name',
    bpmn(between('<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics camunda:collection="my visits"/></bpmn:task>')),
    'EXPRESSION_INVALID',
    'x',
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
  ['a case is called', bpmn(between('<bpmn:callActivity id="x" camunda:caseRef="c"/>')), 'UNSUPPORTED_ATTRIBUTE', 'x'],
  ['an attribute is misspelt', bpmn(between('<bpmn:userTask id="x" camunda:asignee="li"/>')), 'ATTRIBUTE_UNKNOWN', 'x'],
  ['an attribute of our own is misspelt', bpmn(between('<bpmn:userTask id="x" songbai:plugn="a"/>')), 'XML_NOT_UNDERSTOOD', 'x'],
  ['another encoding is declared', bpmn(between('<bpmn:task id="x" name="松"/>')).replace('UTF-8', 'GBK'), 'XML_ENCODING', null],
];

describe('compileProcesses', () => {
  before(loadScripts);

  for (const [situation, xml, code, elementId] of cases) {
    describe(`when ${situation}`, () => {
      it(`reports ${code}`, async () => {
        const problems = await problemsOf(xml);
        const found = problems.find((problem) => problem.code === code);
        assert.ok(found, `${code} is missing among ${JSON.stringify(problems)}`);
        assert.equal(found.elementId, elementId);
        for (const message of Object.values(found.messages)) assert.doesNotMatch(message, /(?<![$#])\{\w+\}/);
      });
    });
  }

  describe('when the model is small and sound', () => {
    it('reports nothing and takes Camunda’s defaults', async () => {
      const { models, problems } = await compileProcesses(bpmn(between('<bpmn:userTask id="x"/>')), { checkExpression });
      assert.deepEqual(problems, []);
      const model = models[0]?.model;
      assert.equal(model?.startableInTasklist, true);
      assert.equal(model?.elements[1]?.exclusive, true);
      assert.equal(models[0]?.startFormKey, null);
    });

    it('reads models of the Operaton namespace', async () => {
      const xml = bpmn(between('<bpmn:userTask id="x" camunda:assignee="li"/>')).replace(
        'http://camunda.org/schema/1.0/bpmn',
        'http://operaton.org/schema/1.0/bpmn',
      );
      const { models } = await compileProcesses(xml);
      const task = models[0]?.model.elements.find((element) => element.id === 'x');
      assert.deepEqual(task?.type === 'bpmn:UserTask' && task.assignee, { language: 'literal', value: 'li' });
    });
  });
});
