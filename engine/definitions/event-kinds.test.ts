import assert from 'node:assert/strict';
import type { EventDefinition } from '#engine/core/model.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { loadScripts } from '#engine/expressions/script.ts';
import { compileProcesses } from './compile-process.ts';

const ROOTS = `<bpmn:signal id="plain" name="alarm"/><bpmn:signal id="sig" name="alarm-\${room}"/><bpmn:escalation id="esc" escalationCode="L-1"/><bpmn:escalation id="open"/>
<bpmn:error id="err" errorCode="E-1"/><bpmn:error id="any"/><bpmn:message id="msg" name="answer"/>`;
let count = 0;
const id = () => `d${++count}`;
const def = (type: string, attributes = '', content = '') =>
  `<bpmn:${type}EventDefinition id="${id()}" ${attributes}>${content}</bpmn:${type}EventDefinition>`;
const conditional = (text: string, attributes = '') =>
  def('conditional', attributes, `<bpmn:condition xsi:type="bpmn:tFormalExpression">${text}</bpmn:condition>`);
const timer = def('timer', '', '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>');

type Position = 'start' | 'catch' | 'throw' | 'end' | 'boundary' | 'aside';

/** The event `x` of a process that has it in the position. */
async function compiled(position: Position, definitions: string, attributes = '', warnings: string[] = []): Promise<EventDefinition> {
  const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
  const plain = `<bpmn:startEvent id="s"/><bpmn:task id="t"/>${flow('s', 't')}`;
  const contents = {
    start: `<bpmn:startEvent id="x" ${attributes}>${definitions}</bpmn:startEvent><bpmn:task id="t"/>${flow('x', 't')}`,
    catch: `${plain}<bpmn:intermediateCatchEvent id="x" ${attributes}>${definitions}</bpmn:intermediateCatchEvent>${flow('t', 'x')}`,
    throw: `${plain}<bpmn:intermediateThrowEvent id="x">${definitions}</bpmn:intermediateThrowEvent>${flow('t', 'x')}`,
    end: `${plain}<bpmn:endEvent id="x">${definitions}</bpmn:endEvent>${flow('t', 'x')}`,
    boundary: `${plain}<bpmn:boundaryEvent id="x" attachedToRef="t" ${attributes}>${definitions}</bpmn:boundaryEvent><bpmn:task id="u"/>${flow('x', 'u')}`,
    aside: `${plain}<bpmn:subProcess id="esp" triggeredByEvent="true"><bpmn:startEvent id="x" ${attributes}>${definitions}</bpmn:startEvent><bpmn:task id="u"/>${flow('x', 'u')}</bpmn:subProcess>`,
  };
  const xml = `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">${ROOTS}<bpmn:process id="p" isExecutable="true" camunda:historyTimeToLive="P1D">${contents[position]}</bpmn:process></bpmn:definitions>`;
  const { models, problems } = await compileProcesses(xml, { checkExpression });
  assert.deepEqual(
    // The model is no more than the event; warnings about the rest are not meant.
    problems
      .filter(({ severity, code }) => severity === 'error' || code.startsWith('TIMER_CYCLE'))
      .map(({ severity, code }) => `${severity} ${code}`),
    warnings,
  );
  const model = models[0]?.model;
  const element = model?.elements[model.indexById['x'] ?? -1];
  assert.ok(element && 'event' in element);
  return element.event;
}

describe('event definitions', () => {
  before(() => loadScripts());

  const name = { language: 'juel', source: 'alarm-${room}' } as const;
  it('reads a signal at the start of a process, with a plain name', async () => {
    const plain = { language: 'literal', value: 'alarm' };
    assert.deepEqual(await compiled('start', def('signal', 'signalRef="plain"')), { type: 'signal', name: plain });
  });

  for (const position of ['catch', 'boundary', 'aside'] as const) {
    it(`reads a signal at ${position}`, async () =>
      assert.deepEqual(await compiled(position, def('signal', 'signalRef="sig"')), { type: 'signal', name }));
  }

  it('reads what a thrown signal carries', async () => {
    const mappings =
      '<bpmn:extensionElements><camunda:in source="a" target="b"/><camunda:in sourceExpression="${c}" target="d"/><camunda:in businessKey="${key}"/></bpmn:extensionElements>';
    for (const position of ['throw', 'end'] as const) {
      assert.deepEqual(await compiled(position, def('signal', 'signalRef="sig" camunda:async="true"', mappings)), {
        type: 'signal',
        name,
        in: [
          { kind: 'variable', source: 'a', target: 'b', local: false },
          { kind: 'expression', expression: { language: 'juel', source: '${c}' }, target: 'd', local: false },
        ],
        businessKey: { language: 'juel', source: '${key}' },
        async: true,
      });
    }
  });

  it('reads escalations: the code may be absent where they are caught', async () => {
    const code = { language: 'literal', value: 'L-1' };
    assert.deepEqual(await compiled('throw', def('escalation', 'escalationRef="esc"')), { type: 'escalation', code });
    assert.deepEqual(await compiled('end', def('escalation', 'escalationRef="esc"')), { type: 'escalation', code });
    assert.deepEqual(
      await compiled('boundary', def('escalation', 'escalationRef="esc" camunda:escalationCodeVariable="c"'), 'cancelActivity="false"'),
      { type: 'escalation', code, codeVariable: 'c' },
    );
    assert.deepEqual(await compiled('boundary', def('escalation')), { type: 'escalation' });
    assert.deepEqual(await compiled('aside', def('escalation', 'escalationRef="open"'), 'isInterrupting="false"'), { type: 'escalation' });
  });

  it('reads conditions in every position and language', async () => {
    const juel = { language: 'juel', source: '${x > 3}' };
    for (const position of ['start', 'catch', 'boundary', 'aside'] as const) {
      assert.deepEqual(
        await compiled(position, conditional('${x &gt; 3}', 'camunda:variableName="x" camunda:variableEvents="create, update"')),
        {
          type: 'conditional',
          condition: juel,
          variableName: 'x',
          variableEvents: ['create', 'update'],
        },
      );
    }
    assert.deepEqual(await compiled('catch', conditional('= x &gt; 3')), {
      type: 'conditional',
      condition: { language: 'feel', source: 'x > 3' },
    });
  });

  it('reads errors with and without a code', async () => {
    assert.deepEqual(
      await compiled('boundary', def('error', 'errorRef="err" camunda:errorCodeVariable="c" camunda:errorMessageVariable="m"')),
      {
        type: 'error',
        code: { language: 'literal', value: 'E-1' },
        codeVariable: 'c',
        messageVariable: 'm',
      },
    );
    assert.deepEqual(await compiled('boundary', def('error', 'errorRef="any"')), { type: 'error' });
    assert.deepEqual(await compiled('boundary', def('error')), { type: 'error' });
  });

  it('reads multiple and parallel multiple events', async () => {
    const any = await compiled('boundary', def('message', 'messageRef="msg"') + timer + def('error', 'errorRef="err"') + def('escalation'));
    assert.ok(any.type === 'multiple' && !any.parallel);
    assert.deepEqual(
      any.definitions.map(({ type }) => type),
      ['message', 'timer', 'error', 'escalation'],
    );
    const all = await compiled(
      'catch',
      def('message', 'messageRef="msg"') + timer + conditional('${x}') + def('signal', 'signalRef="sig"'),
      'parallelMultiple="true"',
    );
    assert.ok(all.type === 'multiple' && all.parallel);
    const start = await compiled(
      'start',
      def('message', 'messageRef="msg"') + timer + conditional('${x}') + def('signal', 'signalRef="plain"'),
    );
    assert.ok(start.type === 'multiple' && start.definitions.length === 4);
    const thrown = await compiled(
      'end',
      def('message', 'messageRef="msg"') + def('signal', 'signalRef="sig"') + def('escalation', 'escalationRef="esc"'),
    );
    assert.ok(thrown.type === 'multiple' && thrown.definitions.length === 3);
  });

  it('takes a timer cycle where the event waits once, and warns', async () => {
    const cycle = def('timer', '', '<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/PT1H</bpmn:timeCycle>');
    const warned = ['warning TIMER_CYCLE_POSITION'];
    for (const position of ['catch', 'boundary', 'aside'] as const)
      assert.equal((await compiled(position, cycle, '', warned)).type, 'timer');
    await compiled('boundary', cycle, 'cancelActivity="false"');
    await compiled('aside', cycle, 'isInterrupting="false"');
    await compiled('start', cycle);
  });
});
