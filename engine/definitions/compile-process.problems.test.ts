import assert from 'node:assert/strict';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { loadScripts } from '#engine/expressions/script.ts';
import { between, bpmn, condition, extension, flow, itReportsEach, type ModelCase, timer } from '#test/support/model-problems.ts';
import { compileProcesses } from './compile-process.ts';

const cases: ModelCase[] = [
  ['a choreography is called', bpmn(between('<bpmn:callChoreography id="x"/>')), 'UNSUPPORTED_ELEMENT', 'x'],
  [
    'an ad-hoc sub-process begins with what is not inside',
    bpmn(between('<bpmn:adHocSubProcess id="x" songbai:activeElements="a, s"><bpmn:task id="a"/></bpmn:adHocSubProcess>')),
    'AD_HOC_ELEMENT_UNKNOWN',
    'x',
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
  [
    'a receive task that starts the process names no message',
    bpmn(between('<bpmn:receiveTask id="x" instantiate="true"/>')),
    'MESSAGE_MISSING',
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
  [
    'a standard loop has no end',
    bpmn(between('<bpmn:task id="x"><bpmn:standardLoopCharacteristics/></bpmn:task>')),
    'LOOP_INCOMPLETE',
    'x',
  ],
  [
    'a loop maximum is no number',
    bpmn(between('<bpmn:task id="x"><bpmn:standardLoopCharacteristics loopMaximum="0"/></bpmn:task>')),
    'LOOP_MAXIMUM_INVALID',
    'x',
  ],
  [
    'a multi-instance names half of its output',
    bpmn(
      between('<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics camunda:collection="l" songbai:outputCollection="o"/></bpmn:task>'),
    ),
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
  [
    'the message of a start event has an expression as name',
    bpmn(
      `<bpmn:startEvent id="s"><bpmn:messageEventDefinition id="md" messageRef="m"/></bpmn:startEvent><bpmn:endEvent id="e"/>${flow('s', 'e')}`,
      '<bpmn:message id="m" name="call-${place}"/>',
    ),
    'START_NAME_EXPRESSION',
    's',
  ],
  [
    'the signal of a start event has an expression as name',
    bpmn(
      `<bpmn:startEvent id="s"><bpmn:signalEventDefinition id="sd" signalRef="m"/></bpmn:startEvent><bpmn:endEvent id="e"/>${flow('s', 'e')}`,
      '<bpmn:signal id="m" name="call-${place}"/>',
    ),
    'START_NAME_EXPRESSION',
    's',
  ],
  [
    'two start events have the same condition',
    bpmn(
      `${['s', 'u'].map((id) => `<bpmn:startEvent id="${id}"><bpmn:conditionalEventDefinition id="d${id}"><bpmn:condition xsi:type="bpmn:tFormalExpression">\${a}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>${flow(id, 'e')}`).join('')}<bpmn:endEvent id="e"/>`,
    ),
    'CATCH_AMBIGUOUS',
    'u',
  ],
  [
    'the key of a map entry is an expression',
    bpmn(
      between(
        `<bpmn:userTask id="x">${extension('<camunda:inputOutput><camunda:inputParameter name="m"><camunda:map><camunda:entry key="${k}">1</camunda:entry></camunda:map></camunda:inputParameter></camunda:inputOutput>')}</bpmn:userTask>`,
      ),
    ),
    'UNSUPPORTED_ATTRIBUTE',
    'x',
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
    bpmn(between('<bpmn:task id="x"/>')).replace(
      '<bpmn:process ',
      '<bpmn:process xmlns:songbai="https://songbai.example/schema/1.0/bpmn" songbai:historyLevel="most" ',
    ),
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
  ['a case is called', bpmn(between('<bpmn:callActivity id="x" camunda:caseRef="c"/>')), 'UNSUPPORTED_ATTRIBUTE', 'x'],
  ['an attribute is misspelt', bpmn(between('<bpmn:userTask id="x" camunda:asignee="li"/>')), 'ATTRIBUTE_UNKNOWN', 'x'],
  ['an attribute of our own is misspelt', bpmn(between('<bpmn:userTask id="x" songbai:plugn="a"/>')), 'XML_NOT_UNDERSTOOD', 'x'],
  ['another encoding is declared', bpmn(between('<bpmn:task id="x" name="松"/>')).replace('UTF-8', 'GBK'), 'XML_ENCODING', null],
];

describe('compileProcesses', () => {
  before(loadScripts);

  itReportsEach(cases);

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
