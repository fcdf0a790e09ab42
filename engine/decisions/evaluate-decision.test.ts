import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Failure } from '#engine/core/failure.ts';
import { createExpressions } from '#engine/expressions/create-expressions.ts';
import { aContext } from '#test/support/evaluation-context.ts';
import { compileDecisions } from './compile-decisions.ts';
import { evaluateDecision } from './evaluate-decision.ts';
import type { DecisionModel } from './model.ts';

const alertLevels = readFileSync(new URL('evaluate-decision.alert-level.dmn', import.meta.url), 'utf8');
const expressions = createExpressions({ now: () => 0, sla: () => undefined });

async function compile(xml: string, key: string): Promise<DecisionModel> {
  const { models, problems } = await compileDecisions(xml);
  assert.deepEqual(problems, []);
  const model = models.find((candidate) => candidate.key === key);
  assert.ok(model, `${key} is missing`);
  return model;
}

const evaluate = (model: DecisionModel, values: Record<string, unknown>) => evaluateDecision(model, aContext(values).context, expressions);
const fails = (model: DecisionModel, values: Record<string, unknown>, code: string) =>
  assert.throws(
    () => evaluate(model, values),
    (error) => error instanceof Failure && error.code === code,
  );

/** One input `x`, one output `y`; rules as [condition, output]. */
const table = (
  attributes: string,
  rules: [condition: string, output: string][],
  output = '<output id="o" name="y"/>',
) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"><decision id="t" name="t"><decisionTable id="dt" ${attributes}>
<input id="i" label="x"><inputExpression id="ie"><text>x</text></inputExpression></input>${output}
${rules.map(([condition, result], i) => `<rule id="r${i + 1}"><inputEntry id="c${i}"><text>${condition.replaceAll('<', '&lt;')}</text></inputEntry><outputEntry id="e${i}"><text>${result}</text></outputEntry></rule>`).join('')}
</decisionTable></decision></definitions>`;

const overlapping: [string, string][] = [
  ['> 10', '1'],
  ['> 5', '2'],
  ['> 1', '2'],
];

describe('decision', () => {
  const elder = { age: 85, alone: true, family: ['女儿', '儿子', '邻居'], at: '2026-11-23' };

  describe('when it requires other decisions', () => {
    it('evaluates them first', async () => {
      const level = await compile(alertLevels, 'alert-level');
      assert.deepEqual(evaluate(level, { ...elder, kind: 'fall' }).results, [{ level: 1, who: '女儿、儿子' }]);
      assert.deepEqual(evaluate(level, { ...elder, kind: 'gas' }).results, [{ level: 2, who: '120103' }]);
    });

    it('takes default outputs of those without a match', async () => {
      const level = await compile(alertLevels, 'alert-level');
      assert.deepEqual(evaluate(level, { ...elder, age: 60, alone: false, kind: 'smoke' }).results, [{ level: 3, who: 'dispatcher' }]);
    });
  });

  describe('when it has been evaluated', () => {
    it('records inputs, matched rules and outputs, also of the decisions that it requires', async () => {
      const { record } = evaluate(await compile(alertLevels, 'alert-level'), { ...elder, kind: 'gas' });
      assert.deepEqual(record, {
        key: 'alert-level',
        rules: ['risky'],
        inputs: {
          类型: { type: 'String', value: 'gas' },
          风险: { type: 'Integer', value: 3 },
          时间: { type: 'String', value: '2026-11-23' },
        },
        outputs: [{ level: { type: 'Integer', value: 2 }, who: { type: 'String', value: '120103' } }],
        required: [
          {
            key: 'risk',
            rules: ['old', 'lonely'],
            inputs: { age: { type: 'Integer', value: 85 }, alone: { type: 'Boolean', value: true } },
            outputs: [{ points: { type: 'Integer', value: 2 } }, { points: { type: 'Integer', value: 1 } }],
            collectResult: { type: 'Integer', value: 3 },
          },
          { key: 'contacts', rules: [], inputs: {}, outputs: [{ contacts: { type: 'Json', value: ['女儿', '儿子'] } }] },
        ],
      });
    });
  });

  describe('when no rule matches', () => {
    it('has no result', async () => {
      const outcome = evaluate(await compile(alertLevels, 'alert-level'), { ...elder, kind: 'test', at: '2027-05-01' });
      assert.deepEqual([outcome.results, outcome.record.rules], [[], []]);
    });
  });

  describe('when an input is unknown or of another type', () => {
    it('fails', async () => {
      const level = await compile(alertLevels, 'alert-level');
      fails(level, elder, 'UNKNOWN_VARIABLE');
      fails(level, { ...elder, kind: 'gas', age: 'old' }, 'DECISION_TYPE_MISMATCH');
      fails(level, { ...elder, kind: 'gas', at: 'soon' }, 'DECISION_TYPE_MISMATCH');
    });
  });
});

describe('hit policy', () => {
  const cases: [policy: string, x: number, results: unknown[], rules: string[]][] = [
    ['hitPolicy="UNIQUE"', 3, [{ y: 2 }], ['r3']],
    ['hitPolicy="FIRST"', 20, [{ y: 1 }], ['r1']],
    ['hitPolicy="ANY"', 7, [{ y: 2 }], ['r2', 'r3']],
    ['hitPolicy="RULE ORDER"', 20, [{ y: 1 }, { y: 2 }, { y: 2 }], ['r1', 'r2', 'r3']],
    ['hitPolicy="COLLECT"', 20, [{ y: 1 }, { y: 2 }, { y: 2 }], ['r1', 'r2', 'r3']],
    ['hitPolicy="COLLECT" aggregation="SUM"', 20, [{ y: 5 }], ['r1', 'r2', 'r3']],
    ['hitPolicy="COLLECT" aggregation="MIN"', 20, [{ y: 1 }], ['r1', 'r2', 'r3']],
    ['hitPolicy="COLLECT" aggregation="MAX"', 20, [{ y: 2 }], ['r1', 'r2', 'r3']],
    ['hitPolicy="COLLECT" aggregation="COUNT"', 20, [{ y: 3 }], ['r1', 'r2', 'r3']],
    ['hitPolicy="COLLECT" aggregation="COUNT"', 0, [{ y: 0 }], []],
    ['hitPolicy="COLLECT" aggregation="SUM"', 0, [], []],
  ];
  for (const [policy, x, results, rules] of cases) {
    describe(`when it is ${policy} and the input is ${x}`, () => {
      it(`gives ${JSON.stringify(results)}`, async () => {
        const outcome = evaluate(await compile(table(policy, overlapping), 't'), { x });
        assert.deepEqual([outcome.results, outcome.record.rules], [results, rules]);
      });
    });
  }

  describe('when it aggregates', () => {
    it('records what the outputs make, and each of them', async () => {
      const { record } = evaluate(await compile(table('hitPolicy="COLLECT" aggregation="SUM"', overlapping), 't'), { x: 7 });
      const two = { y: { type: 'Integer', value: 2 } };
      assert.deepEqual([record.outputs, record.collectResult], [[two, two], { type: 'Integer', value: 4 }]);
    });
  });

  describe('when several rules of a UNIQUE table match', () => {
    it('fails', async () => fails(await compile(table('hitPolicy="UNIQUE"', overlapping), 't'), { x: 7 }, 'DECISION_NOT_UNIQUE'));
  });

  describe('when rules of an ANY table differ', () => {
    it('fails', async () => fails(await compile(table('hitPolicy="ANY"', overlapping), 't'), { x: 20 }, 'DECISION_NOT_ANY'));
  });

  describe('when outputs have priorities', () => {
    const output = '<output id="o" name="y"><outputValues id="ov"><text>"red","yellow","green"</text></outputValues></output>';
    const rules: [string, string][] = [
      ['> 1', '"green"'],
      ['> 5', '"red"'],
      ['> 3', '"yellow"'],
    ];

    it('PRIORITY takes the best', async () => {
      assert.deepEqual(evaluate(await compile(table('hitPolicy="PRIORITY"', rules, output), 't'), { x: 9 }).results, [{ y: 'red' }]);
    });

    it('OUTPUT ORDER sorts', async () => {
      assert.deepEqual(evaluate(await compile(table('hitPolicy="OUTPUT ORDER"', rules, output), 't'), { x: 9 }).results, [
        { y: 'red' },
        { y: 'yellow' },
        { y: 'green' },
      ]);
    });
  });
});

describe('cell', () => {
  const cases: [condition: string, value: unknown, matches: boolean][] = [
    ['"a","b"', 'b', true],
    ['"a","b"', 'c', false],
    ['not("a")', 'b', true],
    ['1, 2, 3', 2, true],
    ['> 3', '4', false],
    ['> 3', null, false],
    ['[1..5)', 5, false],
    [']1..5]', 1, false],
    ['true', true, true],
    ['true', null, false],
    ['not("a")', null, true],
    ['"a"', ['a', 'b'], false],
    ['contains(?, "b")', 'abc', true],
    ['> limit', 4, true],
  ];
  for (const [condition, value, matches] of cases) {
    describe(`when it is ${condition} and the value ${JSON.stringify(value)}`, () => {
      it(matches ? 'matches' : 'does not match', async () => {
        const model = await compile(table('hitPolicy="FIRST"', [[condition, '1']]), 't');
        assert.equal(evaluate(model, { x: value, limit: 3 }).results.length === 1, matches);
      });
    });
  }
});

describe('boxed expression', () => {
  const literal = (text: string) => `<literalExpression><text>${text}</text></literalExpression>`;
  const decision = (logic: string, more = '', needs = '') =>
    `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="d" namespace="n">${more}<decision id="t" name="t">${needs}${logic}</decision></definitions>`;
  const knows = (id: string) => `<knowledgeRequirement><requiredKnowledge href="#${id}"/></knowledgeRequirement>`;
  const entry = (name: string, logic: string) => `<contextEntry>${name && `<variable name="${name}"/>`}${logic}</contextEntry>`;
  const child = (name: string, text: string) => `<${name}>${literal(text)}</${name}>`;
  const square = `<businessKnowledgeModel id="sq" name="square"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>${literal('n * n')}</encapsulatedLogic></businessKnowledgeModel>`;
  const invocation = `<invocation>${literal('square')}<binding><parameter name="n"/>${literal('x + 1')}</binding></invocation>`;
  const greeting = `<inputData id="i" name="who"/><decision id="g" name="greeting"><informationRequirement><requiredInput href="#i"/></informationRequirement>${literal('"Hello " + who')}</decision>
<decisionService id="s" name="greet"><outputDecision href="#g"/><inputData href="#i"/></decisionService>`;
  const cases: [what: string, xml: string, result: unknown][] = [
    [
      'a context with a result',
      decision(`<context>${entry('a', literal('x'))}${entry('b c', literal('a * 2'))}${entry('', literal('b c + 1'))}</context>`),
      7,
    ],
    ['a context without', decision(`<context>${entry('a', literal('x'))}${entry('b', literal('a * 2'))}</context>`), { a: 3, b: 6 }],
    ['a list', decision(`<list>${literal('x')}${literal('"a"')}</list>`), [3, 'a']],
    [
      'a relation',
      decision(`<relation><column name="a"/><column name="b"/><row>${literal('1')}${literal('x')}</row></relation>`),
      [{ a: 1, b: 3 }],
    ],
    ['an invocation', decision(invocation, square, knows('sq')), 16],
    ['an expression that calls a function', decision(literal('square(x)'), square, knows('sq')), 9],
    ['an expression that calls a decision service', decision(literal('greet("you")'), greeting, knows('s')), 'Hello you'],
    [
      'a conditional',
      decision(`<conditional>${child('if', 'x = 3')}${child('then', '"yes"')}${child('else', '"no"')}</conditional>`),
      'yes',
    ],
    ['a filter', decision(`<filter>${child('in', '[1, 5, x]')}${child('match', 'item > 2')}</filter>`), [5, 3]],
    ['a for loop', decision(`<for iteratorVariable="i">${child('in', '[1, x]')}${child('return', 'i * 2')}</for>`), [2, 6]],
    ['some', decision(`<some iteratorVariable="i">${child('in', '[1, x]')}${child('satisfies', 'i > 2')}</some>`), true],
    ['every', decision(`<every iteratorVariable="i">${child('in', '[1, x]')}${child('satisfies', 'i > 2')}</every>`), false],
  ];
  for (const [what, xml, result] of cases) {
    describe(`when it is ${what}`, () => {
      it(`gives ${JSON.stringify(result)}`, async () =>
        assert.deepEqual(evaluate(await compile(xml, 't'), { x: 3 }).results, [{ t: result }]));
    });
  }

  describe('when a decision service is evaluated', () => {
    it('answers with its output decisions', async () => {
      const { results, record } = evaluate(await compile(decision(literal('1'), greeting), 's'), { who: 'Li' });
      assert.deepEqual(results, [{ greeting: 'Hello Li' }]);
      assert.deepEqual(
        record.required?.map(({ key }) => key),
        ['g'],
      );
    });
  });

  describe('when a function calls itself without end', () => {
    it('is stopped', async () => {
      const endless = `<businessKnowledgeModel id="e" name="endless"><encapsulatedLogic><formalParameter name="n"/>${literal('endless(n + 1)')}</encapsulatedLogic>${knows('e')}</businessKnowledgeModel>`;
      fails(await compile(decision(literal('endless(1)'), endless, knows('e')), 't'), {}, 'EXPRESSION_FAILED');
    });
  });

  describe('when a big table is called in a loop', () => {
    it('is stopped', async () => {
      const rules = Array.from(
        { length: 500 },
        (_, i) => `<rule><inputEntry><text>${i}</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>`,
      ).join('');
      const big = `<businessKnowledgeModel id="b" name="big"><encapsulatedLogic><formalParameter name="n"/><decisionTable hitPolicy="FIRST"><input><inputExpression><text>n</text></inputExpression></input><output/>${rules}</decisionTable></encapsulatedLogic></businessKnowledgeModel>`;
      fails(await compile(decision(literal('for i in 1..9999 return big(-1)'), big, knows('b')), 't'), {}, 'EXPRESSION_FAILED');
    });
  });

  describe('when a value is not of its type', () => {
    it('fails', async () => {
      const typed = `<itemDefinition name="colour"><typeRef>string</typeRef><allowedValues><text>"red","green"</text></allowedValues></itemDefinition>`;
      const xml = (text: string) => decision(`<variable name="t" typeRef="colour"/>${literal(text)}`, typed);
      assert.deepEqual(evaluate(await compile(xml('"red"'), 't'), {}).results, [{ t: 'red' }]);
      fails(await compile(xml('"blue"'), 't'), {}, 'DECISION_TYPE_MISMATCH');
      fails(await compile(xml('1'), 't'), {}, 'DECISION_TYPE_MISMATCH');
    });
  });

  describe('when the variable of a table of several rows has the type of a cell', () => {
    it('takes no notice of it, as Camunda', async () => {
      const xml = table('hitPolicy="COLLECT"', overlapping).replace(
        '<decisionTable',
        '<variable name="t" typeRef="integer"/><decisionTable',
      );
      assert.deepEqual(evaluate(await compile(xml, 't'), { x: 7 }).results, [{ y: 2 }, { y: 2 }]);
    });
  });

  describe('when input data has a type', () => {
    it('reads its text as a date', async () => {
      const input = `<inputData id="i" name="day"><variable name="day" typeRef="date"/></inputData>`;
      const needs = `<informationRequirement><requiredInput href="#i"/></informationRequirement>`;
      assert.deepEqual(evaluate(await compile(decision(literal('day.year'), input, needs), 't'), { day: '2026-11-23' }).results, [
        { t: 2026 },
      ]);
    });
  });
});
