import assert from 'node:assert/strict';
import { compileDecisions } from './compile-decisions.ts';

const definitions = (content: string) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">${content}</definitions>`;
const decision = (id: string, logic: string, requirements = '') => `<decision id="${id}" name="${id}">${requirements}${logic}</decision>`;
let expressions = 0;
const literal = (text: string) => `<literalExpression id="l${++expressions}"><text>${text}</text></literalExpression>`;
const requires = (id: string, mark = '') =>
  `<informationRequirement id="r-${mark}${id}"><requiredDecision href="#${id}"/></informationRequirement>`;
const input = '<input id="i"><inputExpression id="ie"><text>x</text></inputExpression></input>';
const rule = (condition: string, output: string) =>
  `<rule id="r1"><inputEntry id="c"><text>${condition}</text></inputEntry><outputEntry id="e"><text>${output}</text></outputEntry></rule>`;
const table = (content: string, attributes = '') => `<decisionTable id="dt" ${attributes}>${content}</decisionTable>`;

const cases: [situation: string, xml: string, code: string, elementId: string | null][] = [
  ['it holds no decision', definitions(''), 'NO_DECISION', null],
  ['it is BPMN', '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', 'XML_MALFORMED', null],
  ['it declares entities', '<!DOCTYPE d [<!ENTITY a "b">]><definitions/>', 'XML_DOCTYPE', null],
  ['a decision has no logic', definitions(decision('t', '')), 'DECISION_LOGIC_UNSUPPORTED', 't'],
  ['a decision invokes a function', definitions(decision('t', '<invocation id="l"/>')), 'DECISION_LOGIC_UNSUPPORTED', 't'],
  ['an expression is broken', definitions(decision('t', literal('a +'))), 'EXPRESSION_INVALID', 't'],
  ['a pattern is not literal', definitions(decision('t', literal('matches(a, b)'))), 'PATTERN_UNBOUNDED', 't'],
  [
    'a language is unknown',
    definitions(decision('t', literal('1').replace('<literalExpression ', '<literalExpression expressionLanguage="groovy" '))),
    'SCRIPT_LANGUAGE',
    't',
  ],
  ['a cell is broken', definitions(decision('t', table(`${input}<output id="o"/>${rule('&gt;', '1')}`))), 'EXPRESSION_INVALID', 'r1'],
  [
    'a rule lacks a cell',
    definitions(decision('t', table(`${input}<output id="o" name="a"/><output id="p" name="b"/>${rule('1', '1')}`))),
    'DECISION_RULE_INCOMPLETE',
    'r1',
  ],
  [
    'an output has no name',
    definitions(decision('t', table(`${input}<output id="o"/><output id="p" name="b"/>`))),
    'DECISION_OUTPUT_UNNAMED',
    't',
  ],
  [
    'a type is misspelt',
    definitions(decision('t', table(`${input}<output id="o" typeRef="interger"/>${rule('1', '1')}`))),
    'DECISION_TYPE_UNSUPPORTED',
    'o',
  ],
  [
    'a hit policy is unknown',
    definitions(decision('t', table(`${input}<output id="o"/>`, 'hitPolicy="LAST"'))),
    'HIT_POLICY_UNSUPPORTED',
    't',
  ],
  [
    'required knowledge is missing',
    definitions(decision('t', literal('1'), '<knowledgeRequirement id="k"><requiredKnowledge href="#gone"/></knowledgeRequirement>')),
    'UNRESOLVED_REFERENCE',
    't',
  ],
  ['a required decision is missing', definitions(decision('t', literal('1'), requires('gone'))), 'UNRESOLVED_REFERENCE', 't'],
  [
    'decisions require each other',
    definitions(decision('a', literal('1'), requires('b')) + decision('b', literal('1'), requires('a'))),
    'DECISION_CYCLE',
    'b',
  ],
];

describe('compileDecisions', () => {
  for (const [situation, xml, code, elementId] of cases) {
    describe(`when ${situation}`, () => {
      it(`reports ${code} and no model`, async () => {
        const { models, problems } = await compileDecisions(xml);
        const found = problems.find((problem) => problem.code === code);
        assert.ok(found, `${code} is missing among ${JSON.stringify(problems)}`);
        assert.equal(found.elementId, elementId);
        assert.deepEqual(models, []);
      });
    });
  }

  describe('when decisions require each other over many paths', () => {
    it('lists each of them once, in the order of evaluation', async () => {
      // given: 2^30 paths
      const pair = (i: number) => (i === 0 ? '' : requires(`a${i - 1}`, `${i}a`) + requires(`b${i - 1}`, `${i}b`));
      const layers = Array.from(
        { length: 30 },
        (_, i) => decision(`a${i}`, literal('1'), pair(i)) + decision(`b${i}`, literal('1'), pair(i).replaceAll('id="r-', 'id="q-')),
      );
      // when
      const { models, problems } = await compileDecisions(definitions(layers.join('')));
      // then
      assert.deepEqual(problems, []);
      assert.deepEqual(
        models.find((model) => model.key === 'a2')?.parts.map((part) => part.id),
        ['a0', 'b0', 'a1', 'b1', 'a2'],
      );
      assert.equal(models.at(-1)?.parts.length, 59);
    });
  });

  describe('when the file is of another DMN version', () => {
    it('reads it the same way', async () => {
      for (const namespace of [
        'http://www.omg.org/spec/DMN/20180521/MODEL/',
        'http://www.omg.org/spec/DMN/20151101/dmn.xsd',
        'https://www.omg.org/spec/DMN/20230324/MODEL/',
      ]) {
        const { models, problems } = await compileDecisions(
          definitions(decision('t', literal('1'))).replace('https://www.omg.org/spec/DMN/20191111/MODEL/', namespace),
        );
        assert.deepEqual(problems, []);
        assert.equal(models[0]?.key, 't');
      }
    });
  });
});
