import assert from 'node:assert/strict';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { loadScripts } from '#engine/expressions/script.ts';
import { compileProcesses } from './compile-process.ts';

const bpmn = (content: string) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
<bpmn:message id="m1" name="order"/><bpmn:message id="m2" name="call"/><bpmn:signal id="g1" name="flood"/>
<bpmn:process id="p" isExecutable="true">${content}</bpmn:process></bpmn:definitions>`;
const flow = (from: string, to: string, condition?: string) =>
  `<bpmn:sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}">${
    condition === undefined ? '' : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
  }</bpmn:sequenceFlow>`;
const catchMessage = (id: string, message: string) =>
  `<bpmn:intermediateCatchEvent id="${id}"><bpmn:messageEventDefinition id="def_${id}" messageRef="${message}"/></bpmn:intermediateCatchEvent>`;
const link = (kind: 'Catch' | 'Throw', id: string, name: string) =>
  `<bpmn:intermediate${kind}Event id="${id}"><bpmn:linkEventDefinition id="def_${id}" name="${name}"/></bpmn:intermediate${kind}Event>`;
const activation = (text: string) => `<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">${text}</bpmn:activationCondition>`;

const compile = async (content: string) => {
  const { models, problems } = await compileProcesses(bpmn(content), { checkExpression });
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ code, elementId }) => `${code} ${elementId}`);
  const model = models[0]?.model;
  return { errors, element: (id: string) => model?.elements[model.indexById[id] ?? -1] };
};

const ends = '<bpmn:startEvent id="s"/><bpmn:task id="a"/><bpmn:task id="b"/><bpmn:endEvent id="e"/>';
/** Start, a fork to a and b, and a join of the given kind. */
const joined = (join: string) =>
  `${ends}<bpmn:inclusiveGateway id="fork" default="fork_b"/>${join}${flow('s', 'fork')}${flow('fork', 'a', '${x}')}${flow('fork', 'b')}${flow('a', 'join')}${flow('b', 'join')}${flow('join', 'e')}`;

describe('the compiler and gateways', () => {
  before(loadScripts);

  it('knows inclusive gateways with conditions and a default flow', async () => {
    const { errors, element } = await compile(joined('<bpmn:inclusiveGateway id="join"/>'));
    assert.deepEqual(errors, []);
    assert.equal(element('fork')?.type, 'bpmn:InclusiveGateway');
    assert.equal(element('fork')?.defaultFlow, 2);
  });

  it('reads the activation condition of a complex gateway in both expression languages', async () => {
    const feel = await compile(joined(`<bpmn:complexGateway id="join">${activation('= activationCount >= 2')}</bpmn:complexGateway>`));
    assert.deepEqual(feel.errors, []);
    const gateway = feel.element('join');
    assert.deepEqual(gateway?.type === 'bpmn:ComplexGateway' && gateway.activationCondition, {
      language: 'feel',
      source: 'activationCount >= 2',
    });
    const juel = await compile(joined(`<bpmn:complexGateway id="join">${activation('${activationCount >= 2}')}</bpmn:complexGateway>`));
    assert.deepEqual(juel.errors, []);
  });

  it('needs no activation condition for a complex gateway that only splits', async () => {
    const { errors } = await compile(
      `${ends}<bpmn:complexGateway id="split"/>${flow('s', 'split')}${flow('split', 'a', '${x}')}${flow('split', 'b', '${y}')}${flow('a', 'e')}${flow('b', 'e')}`,
    );
    assert.deepEqual(errors, []);
  });

  it('refuses a complex join without one', async () => {
    assert.deepEqual((await compile(joined('<bpmn:complexGateway id="join"/>'))).errors, ['ACTIVATION_CONDITION_MISSING join']);
  });

  it('refuses an activation condition that is no expression', async () => {
    const { errors } = await compile(joined(`<bpmn:complexGateway id="join">${activation('two of them')}</bpmn:complexGateway>`));
    assert.deepEqual(errors, ['EXPRESSION_INVALID join']);
  });

  describe('when an event-based gateway starts the process', () => {
    const started = (attributes: string, other = catchMessage('call', 'm2')) =>
      `<bpmn:eventBasedGateway id="gw" instantiate="true" ${attributes}/>${catchMessage('order', 'm1')}${other}<bpmn:endEvent id="e"/>${flow('gw', 'order')}${flow('gw', 'call')}${flow('order', 'e')}${flow('call', 'e')}`;

    it('needs no start event', async () => {
      const { errors, element } = await compile(started(''));
      assert.deepEqual(errors, []);
      const gateway = element('gw');
      assert.equal(gateway?.type === 'bpmn:EventBasedGateway' && gateway.instantiate, 'exclusive');
    });
    it('may be a parallel one', async () => {
      const { element } = await compile(started('eventGatewayType="Parallel"'));
      const gateway = element('gw');
      assert.equal(gateway?.type === 'bpmn:EventBasedGateway' && gateway.instantiate, 'parallel');
    });
    it('may wait for a signal, unless it needs all of its events', async () => {
      const signal =
        '<bpmn:intermediateCatchEvent id="call"><bpmn:signalEventDefinition id="g" signalRef="g1"/></bpmn:intermediateCatchEvent>';
      assert.deepEqual((await compile(started('', signal))).errors, []);
      assert.deepEqual((await compile(started('eventGatewayType="Parallel"', signal))).errors, ['INSTANTIATE_TARGET gw']);
    });
    it('does not wait for a timer', async () => {
      const timer =
        '<bpmn:intermediateCatchEvent id="call"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>';
      assert.deepEqual((await compile(started('', timer))).errors, ['INSTANTIATE_TARGET gw']);
    });
    it('stands on the outermost level', async () => {
      const inside = started('').replace('<bpmn:endEvent', '<bpmn:startEvent id="s0"/><bpmn:endEvent') + flow('s0', 'e');
      const { errors } = await compile(
        `<bpmn:startEvent id="s"/><bpmn:subProcess id="sub">${inside}</bpmn:subProcess><bpmn:endEvent id="end"/>${flow('s', 'sub')}${flow('sub', 'end')}`,
      );
      assert.deepEqual(errors, ['INSTANTIATE_LEVEL gw']);
    });
  });

  it('refuses a parallel event-based gateway that does not start the process', async () => {
    const { errors } = await compile(
      `<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="gw" eventGatewayType="Parallel"/>${catchMessage('order', 'm1')}${catchMessage('call', 'm2')}<bpmn:endEvent id="e"/>${flow('s', 'gw')}${flow('gw', 'order')}${flow('gw', 'call')}${flow('order', 'e')}${flow('call', 'e')}`,
    );
    assert.deepEqual(errors, ['EVENT_GATEWAY_PARALLEL gw']);
  });

  it('knows receive tasks that start the process', async () => {
    const { errors, element } = await compile(
      `<bpmn:receiveTask id="order" messageRef="m1" instantiate="true"/><bpmn:endEvent id="e"/>${flow('order', 'e')}`,
    );
    assert.deepEqual(errors, []);
    const task = element('order');
    assert.equal(task?.type === 'bpmn:ReceiveTask' && task.instantiate, true);
  });

  describe('when links stand in for flows', () => {
    const linked = (more = '') =>
      `<bpmn:startEvent id="s"/>${link('Throw', 'out', 'L')}${link('Catch', 'in', 'L')}<bpmn:endEvent id="e"/>${flow('s', 'out')}${flow('in', 'e')}${more}`;

    it('connects the throw with the catch of its name', async () => {
      const { errors, element } = await compile(linked());
      assert.deepEqual(errors, []);
      const thrown = element('out');
      assert.deepEqual(thrown?.type === 'bpmn:IntermediateThrowEvent' && thrown.event, {
        type: 'link',
        name: 'L',
        target: element('in')?.index,
      });
    });
    it('refuses two catches of one name', async () => {
      assert.deepEqual((await compile(linked(`${link('Catch', 'in2', 'L')}${flow('in2', 'e')}`))).errors, ['LINK_AMBIGUOUS out']);
    });
    it('refuses a throw whose catch is in another scope', async () => {
      const { errors } = await compile(
        `<bpmn:startEvent id="s"/>${link('Throw', 'out', 'L')}<bpmn:subProcess id="sub"><bpmn:startEvent id="s1"/><bpmn:endEvent id="e1"/>${link('Catch', 'in', 'L')}${flow('s1', 'e1')}${flow('in', 'e1')}</bpmn:subProcess><bpmn:endEvent id="e"/>${flow('s', 'out')}${flow('s', 'sub')}${flow('sub', 'e')}`,
      );
      assert.deepEqual(errors, ['LINK_TARGET_MISSING out']);
    });
    it('does not let an event-based gateway wait for one', async () => {
      const { errors } = await compile(
        `<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="gw"/>${catchMessage('order', 'm1')}${link('Catch', 'in', 'L')}${link('Throw', 'out', 'L')}<bpmn:endEvent id="e"/>${flow('s', 'gw')}${flow('s', 'out')}${flow('gw', 'order')}${flow('gw', 'in')}${flow('order', 'e')}${flow('in', 'e')}`,
      );
      assert.deepEqual(errors, ['EVENT_GATEWAY_TARGET gw']);
    });
  });
});
