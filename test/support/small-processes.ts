import { bpmnFile, flows } from './bpmn-text.ts';

const inTen =
  '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT10M</bpmn:timeDuration></bpmn:timerEventDefinition>';
const order = '<bpmn:message id="order" name="order"/>';

/** Two user tasks, `a` and `b`. */
export const two = bpmnFile(
  'two',
  `<bpmn:startEvent id="s"/><bpmn:userTask id="a" name="评估"/><bpmn:userTask id="b"/><bpmn:endEvent id="e"/>${flows('s a b e')}`,
);
/** One user task, `a`. */
export const one = (key: string) => bpmnFile(key, `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/>${flows('s a')}`);
/** Waits ten minutes, then the user task `a`. */
export const timed = bpmnFile(
  'timed',
  `<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="wait">${inTen}</bpmn:intermediateCatchEvent><bpmn:userTask id="a"/>${flows('s wait a')}`,
);
/** Waits for the message `order`, then the user task `a`. */
export const ordered = bpmnFile(
  'ordered',
  `<bpmn:startEvent id="s"/><bpmn:receiveTask id="wait" messageRef="order"/><bpmn:userTask id="a"/>${flows('s wait a')}`,
  order,
);
/** The user task `a`; each message `order` begins the user task `oa` beside it. */
export const beside = bpmnFile(
  'beside',
  `<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:subProcess id="on" triggeredByEvent="true"><bpmn:startEvent id="os" isInterrupting="false"><bpmn:messageEventDefinition messageRef="order"/></bpmn:startEvent><bpmn:userTask id="oa"/>${flows('os oa')}</bpmn:subProcess>${flows('s a')}`,
  order,
);
/** A sub-process, a multi-instance task, a parked token and one at the join, side by side. */
export const nested = bpmnFile(
  'nested',
  `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:subProcess id="sub"><bpmn:startEvent id="ss"/><bpmn:userTask id="deep"/>${flows('ss deep')}</bpmn:subProcess>
   <bpmn:userTask id="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
   <bpmn:userTask id="later" camunda:asyncBefore="true"/><bpmn:task id="quick"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
   ${flows('s fork sub join e', 'fork each join', 'fork later join', 'fork quick join')}`,
);
