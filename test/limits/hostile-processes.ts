/** Models that would take all they can get; each key is that of its process. */
const flow = (id: string, from: string, to: string, condition?: string) =>
  `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${
    condition === undefined ? '' : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
  }</bpmn:sequenceFlow>`;

function model(key: string, content: string, definitions = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="http://songbai/test">${definitions}
  <bpmn:process id="${key}" isExecutable="true" camunda:historyTimeToLive="1"><bpmn:startEvent id="s"/>${content}</bpmn:process>
</bpmn:definitions>`;
}

const script = (id: string, source: string, attributes = '') =>
  `<bpmn:scriptTask id="${id}" scriptFormat="javascript" ${attributes}><bpmn:script><![CDATA[${source}]]></bpmn:script></bpmn:scriptTask>`;
const loop = (n: number, attributes = '') =>
  `<bpmn:multiInstanceLoopCharacteristics ${attributes}><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">${n}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`;
const back = flow('f3', 'b', 'a', '${true}') + flow('f4', 'b', 'e', '${false}') + '<bpmn:endEvent id="e"/>';

export const hostileProcesses = {
  /** Two gateways in a circle. */
  'gateway-loop': model(
    'gateway-loop',
    `<bpmn:exclusiveGateway id="a"/><bpmn:exclusiveGateway id="b"/>${flow('f1', 's', 'a')}${flow('f2', 'a', 'b')}${back}`,
  ),
  /** Each round is a job. */
  'async-loop': model(
    'async-loop',
    `<bpmn:exclusiveGateway id="a" camunda:asyncBefore="true"/><bpmn:exclusiveGateway id="b"/>${flow('f1', 's', 'a')}${flow('f2', 'a', 'b')}${back}`,
  ),
  /** Each token becomes two. */
  doubling: model(
    'doubling',
    `<bpmn:task id="a" camunda:asyncBefore="true"/>${flow('f1', 's', 'a')}${flow('f2', 'a', 'a')}${flow('f3', 'a', 'a')}`,
  ),
  /** A busy script in each round, just below its limit. */
  'busy-script': model(
    'busy-script',
    `${script('a', 'const end = Date.now() + 80; while (Date.now() < end);', 'camunda:asyncBefore="true"')}<bpmn:exclusiveGateway id="b"/>${flow('f1', 's', 'a')}${flow('f2', 'a', 'b')}${back}`,
  ),
  'endless-script': model('endless-script', `${script('a', 'while (true);', 'camunda:asyncBefore="true"')}${flow('f1', 's', 'a')}`),
  'regex-bomb': model(
    'regex-bomb',
    `${script('a', '/^(a+)+$/.test("a".repeat(40) + "!")', 'camunda:asyncBefore="true"')}${flow('f1', 's', 'a')}`,
  ),
  /** A text that doubles in each round. */
  'growing-text': model(
    'growing-text',
    `<bpmn:scriptTask id="a" scriptFormat="juel" camunda:resultVariable="x" camunda:asyncBefore="true"><bpmn:script>\${x}\${x}</bpmn:script></bpmn:scriptTask><bpmn:exclusiveGateway id="b"/>${flow('f1', 's', 'a')}${flow('f2', 'a', 'b')}${back}`,
  ),
  /** Calls itself twice. */
  recursive: model(
    'recursive',
    `<bpmn:callActivity id="a" calledElement="recursive" camunda:asyncBefore="true"/><bpmn:callActivity id="b" calledElement="recursive" camunda:asyncBefore="true"/>${flow('f1', 's', 'a')}${flow('f2', 's', 'b')}`,
  ),
  /** Calls itself once, all in one command. */
  'recursive-at-once': model('recursive-at-once', `<bpmn:callActivity id="a" calledElement="recursive-at-once"/>${flow('f1', 's', 'a')}`),
  /** 10,000 items, each a job. */
  'many-items': model('many-items', `<bpmn:task id="a">${loop(10_000, 'camunda:asyncBefore="true"')}</bpmn:task>${flow('f1', 's', 'a')}`),
  /** 10,000 items with 10,000 items each. */
  'nested-items': model(
    'nested-items',
    `<bpmn:subProcess id="a"><bpmn:startEvent id="is"/><bpmn:userTask id="it">${loop(10_000)}</bpmn:userTask>${flow('if', 'is', 'it')}${loop(10_000)}</bpmn:subProcess>${flow('f1', 's', 'a')}`,
  ),
  /** A cycle of one second. */
  'timer-cycle': model(
    'timer-cycle',
    `<bpmn:userTask id="a"/><bpmn:boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R/PT1S</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="e"/>${flow('f1', 's', 'a')}${flow('f2', 't', 'e')}`,
  ),
  /** Sends the message that starts it. */
  'message-loop': model(
    'message-loop',
    `<bpmn:startEvent id="m"><bpmn:messageEventDefinition messageRef="again"/></bpmn:startEvent><bpmn:task id="j"/><bpmn:intermediateThrowEvent id="a"><bpmn:messageEventDefinition messageRef="again"/></bpmn:intermediateThrowEvent>${flow('f1', 's', 'j')}${flow('f2', 'm', 'j')}${flow('f3', 'j', 'a')}`,
    '<bpmn:message id="again" name="again"/>',
  ),
  /** A non-interrupting conditional event whose path makes its condition true again. */
  'condition-loop': model(
    'condition-loop',
    `<bpmn:userTask id="a"/><bpmn:boundaryEvent id="c" attachedToRef="a" cancelActivity="false"><bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">\${n &gt; 0}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:boundaryEvent><bpmn:scriptTask id="b" scriptFormat="juel" camunda:resultVariable="n"><bpmn:script>\${n + 1}</bpmn:script></bpmn:scriptTask>${flow('f1', 's', 'a')}${flow('f2', 'c', 'b')}`,
  ),
  /** A list comprehension beyond the steps that FEEL has. */
  'feel-bomb': model(
    'feel-bomb',
    `<bpmn:exclusiveGateway id="a" camunda:asyncBefore="true" default="f3"/><bpmn:endEvent id="e"/>${flow('f1', 's', 'a')}<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="e"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="feel">count(for i in 1..n, j in 1..n return i + j) &gt; 0</bpmn:conditionExpression></bpmn:sequenceFlow>${flow('f3', 'a', 'e')}`,
  ),
  /** A job that always fails. */
  poison: model('poison', `${script('a', 'throw new Error("poison")', 'camunda:asyncBefore="true"')}${flow('f1', 's', 'a')}`),
  /** What neighbours do: a task, completed at once. */
  neighbour: model(
    'neighbour',
    `<bpmn:userTask id="a"/><bpmn:serviceTask id="b" camunda:expression="\${n + 1}" camunda:resultVariable="m" camunda:asyncBefore="true"/><bpmn:endEvent id="e"/>${flow('f1', 's', 'a')}${flow('f2', 'a', 'b')}${flow('f3', 'b', 'e')}`,
  ),
} as const;
export type HostileProcess = keyof typeof hostileProcesses;
