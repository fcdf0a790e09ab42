import assert from 'node:assert/strict';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { loadScripts } from '#engine/expressions/script.ts';
import { compileProcesses } from './compile-process.ts';

const bpmn = (options: string) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:songbai="https://songbai.example/schema/1.0/bpmn" id="d" targetNamespace="t">
<bpmn:process id="p" isExecutable="true" camunda:historyTimeToLive="P1D"><bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="x"/>
<bpmn:serviceTask id="x" songbai:plugin="sms" camunda:resultVariable="sent"><bpmn:extensionElements>${options}</bpmn:extensionElements></bpmn:serviceTask>
<bpmn:sequenceFlow id="f2" sourceRef="x" targetRef="e"/><bpmn:endEvent id="e"/></bpmn:process></bpmn:definitions>`;
const withOptions = (json: string) => bpmn(`<songbai:options>${json}</songbai:options>`);

async function compile(xml: string) {
  const { models, problems } = await compileProcesses(xml, { checkExpression });
  const element = models[0]?.model.elements.find(({ id }) => id === 'x');
  return {
    implementation: element && 'implementation' in element ? element.implementation : undefined,
    codes: problems.map(({ code, elementId }) => `${code} ${elementId}`),
  };
}

describe('songbai:options', () => {
  before(() => loadScripts());

  it('become values, with an expression for each text', async () => {
    const { implementation } = await compile(
      withOptions('{ "to": "${phone}", "text": "=a + b", "plain": "hi", "n": 1.5, "list": [true, null] }'),
    );
    assert.deepEqual(implementation, {
      kind: 'plugin',
      plugin: 'sms',
      resultVariable: 'sent',
      options: {
        kind: 'map',
        entries: {
          to: { kind: 'expression', expression: { language: 'juel', source: '${phone}' } },
          text: { kind: 'expression', expression: { language: 'feel', source: 'a + b' } },
          plain: { kind: 'expression', expression: { language: 'literal', value: 'hi' } },
          n: { kind: 'value', value: 1.5 },
          list: {
            kind: 'list',
            items: [
              { kind: 'value', value: true },
              { kind: 'value', value: null },
            ],
          },
        },
      },
    });
  });

  it('may be left out', async () => {
    assert.deepEqual((await compile(bpmn(''))).implementation, { kind: 'plugin', plugin: 'sms', resultVariable: 'sent' });
  });

  for (const [situation, xml] of [
    ['no JSON', withOptions('{ to: 1 }')],
    ['empty', withOptions(' ')],
    ['a list', withOptions('[1]')],
    ['too deep', withOptions(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`)],
    ['too long', withOptions(`{"a":"${'x'.repeat(70_000)}"}`)],
    ['there twice', bpmn('<songbai:options>{}</songbai:options><songbai:options>{}</songbai:options>')],
    ['with a forbidden key', withOptions('{"a":{"__proto__":1}}')],
  ] as const)
    it(`are refused when they are ${situation}`, async () => assert.deepEqual((await compile(xml)).codes, ['PLUGIN_OPTIONS_INVALID x']));

  it('have their expressions checked like all others', async () => {
    assert.deepEqual((await compile(withOptions('{ "to": "${phone +}" }'))).codes, ['EXPRESSION_INVALID x']);
  });
});
