import assert from 'node:assert/strict';
import { evaluate as evaluateBare } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { checkExpression } from '../check-expression.ts';
import { createExpressions } from '../create-expressions.ts';
import { aContext } from '#test/support/evaluation-context.ts';

const now = Date.UTC(2026, 10, 22, 16, 30);
const expressions = createExpressions({ now: () => now, sla: (_tenant, _class, step) => (step === 'dispatch' ? 'PT30M' : undefined) });
const values = {
  a: 2,
  name: 'abc',
  nothing: null,
  list: [{ price: 4 }, { prize: 3 }],
  elder: { name: '张' },
  'elder age': 81,
  slaClass: 'N1',
  long: `${'a'.repeat(30)}!`,
  huge: 'x'.repeat(90_000),
  many: Array.from({ length: 20_000 }, (_, a) => ({ a })),
  wide: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])),
};
const { context } = aContext(values, { typedValues: { due: { type: 'Date', value: '2026-11-23T00:00:00.000+0800' } } });

const evaluate = (source: string) => expressions.evaluate({ language: 'feel', source }, context);

const results: [source: string, result: unknown][] = [
  ['a + 1', 3],
  ['if a > 1 then "x" else "y"', 'x'],
  ['elder.name', '张'],
  ['elder.unknown', null],
  ['elder age > 80', true],
  ['nothing = null', true],
  ['list[price > 3]', [{ price: 4 }]],
  ['for i in 1..3 return i * a', [2, 4, 6]],
  ['list[price > 3][1].price', 4],
  ['{x: a, y: x + 1, z: x + y}.z', 5],
  ['for x in list, y in list return 1', [1, 1, 1, 1]],
  ['some x in list satisfies x.price = 4', true],
  ['{x: 1, y: [a]}', { x: 1, y: [2] }],
  ['0.1 + 0.2', 0.3],
  ['1 + "a"', null],
  ['{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r', 120],
  ['sort([3, 1, 2], function(x, y) x < y)', [1, 2, 3]],
  ['list.price', [4, null]],
  ['a in (1, > 1)', true],
  ['a between 1 and 3', true],
  ['a instance of number', true],
  ['[1, "a"] instance of list<number>', false],
  ['range("[1..3]").end', 3],
  ['context put({x: 1}, "y", 2)', { x: 1, y: 2 }],
  ['substring(string: "foobar", start position: -3)', 'bar'],
  ['decimal(2.5, 0) + round half up(2.5, 0)', 5],
  ['string(duration("PT36H"))', 'P1DT12H'],
  ['date("2026-01-31").weekday', 6],
  ['elder.__proto__', null],
  ['{__proto__: 1}.constructor', null],
  ['date("2026-01-31")', '2026-01-31'],
  ['date("2026-01-31") + duration("P1M")', '2026-02-28'],
  ['now()', '2026-11-22T16:30:00Z'],
  ['today() = date("2026-11-23")', true],
  ['due < now()', true],
  ['sla("dispatch")', 'PT30M'],
  ['sla("E0", "dispatch")', 'PT30M'],
  ['matches(name, "^a.c$")', true],
  ['matches(name, "^A", "i")', true],
  ['replace(name, "(a)(b)", "$2$1")', 'bac'],
  ['replace(input: name, pattern: "b", replacement: "x")', 'axc'],
  ['split("a;b", ";")', ['a', 'b']],
  // on a back-tracking engine this takes the better part of a minute
  ['matches(long, "^(a+)+$")', false],
];

const failures: [source: string, code: string][] = [
  ['unknown > 3', 'UNKNOWN_VARIABLE'],
  ['if unknown then 1 else 2', 'UNKNOWN_VARIABLE'],
  ['unknown = null', 'UNKNOWN_VARIABLE'],
  ['unknown(1)', 'UNKNOWN_VARIABLE'],
  ['a(1)', 'EXPRESSION_FAILED'],
  ['sla("unknown")', 'SLA_NOT_FOUND'],
  ['matches(name, name)', 'EXPRESSION_FAILED'],
  ['matches(huge + huge, "y")', 'EXPRESSION_FAILED'],
  ['matches(huge, "(a?b?c?d?){60}z")', 'EXPRESSION_FAILED'],
  ['a +', 'EXPRESSION_FAILED'],
];

const chain = (first: string, entry: (before: string) => string) =>
  `{a0: ${first}, ${Array.from({ length: 60 }, (_, i) => `a${i + 1}: ${entry(`a${i}`)}`).join(', ')}}`;

/** Expressions that would take for ever or all memory: only their run shows it. */
const endless = [
  'for i in 1..a*1000000 return i',
  'for i in 1..9999, j in 1..9999 return i',
  'some i in 1..9999, j in 1..9999 satisfies i < 0',
  'for i in 1..40 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])',
  'for i in 1..99999 return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]',
  'for i in 1..99999 return {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10}',
  'for i in 1..99999 return many.a',
  'for i in 1..99999 return sum(many)',
  'for i in 1..99999 return upper case(huge)',
  'for i in 1..99999 return huge = huge + ""',
  'for i in 1..99999 return context put(wide, "a", i)',
  'some i in 1..99999 satisfies matches(huge, "(x+x+)+y")',
  'every i in 1..99999 satisfies matches(huge, "^(x+)+$")',
  'for i in 1..99999 return split(huge, "[xy]")',
  '(function(x) x(x))(function(x) x(x))',
  '{f: function(n) f(n + 1), r: f(1)}.r',
  '{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), r: f(60)}.r',
  chain('[1]', (before) => `concatenate(${before}, ${before})`),
  chain('"xxxxxxxx"', (before) => `${before} + ${before}`),
  chain('"xxxxxxxx"', (before) => `string join([${before}, ${before}])`),
  chain('[1]', (before) => `[${before}, ${before}]`),
  chain('[1]', (before) => `{x: ${before}, y: ${before}}`),
  `flatten(${chain('[1]', (before) => `[${before}, ${before}]`)}.a60)`,
  `string(${chain('[1]', (before) => `[${before}, ${before}]`)})`,
  `{l: ${chain('[1]', (before) => `[${before}, ${before}]`)}.a60, r: l = flatten([l])}.r`,
];

/** Expressions that are refused before they run. */
const refused: [source: string, code: string][] = [
  ['a +', 'EXPRESSION_INVALID'],
  ['', 'EXPRESSION_INVALID'],
  ['matches(a, b)', 'PATTERN_UNBOUNDED'],
  ['matches(a, "x" + b)', 'PATTERN_UNBOUNDED'],
  ['matches(a, "(a)\\1")', 'PATTERN_UNBOUNDED'],
  ['matches(a, "(?=a)")', 'PATTERN_UNBOUNDED'],
  ['matches(a, "x", flags)', 'PATTERN_UNBOUNDED'],
  ['replace(a, b, "x")', 'PATTERN_UNBOUNDED'],
  ['replace(input: a, pattern: b, replacement: "x")', 'PATTERN_UNBOUNDED'],
  ['split(a, b)', 'PATTERN_UNBOUNDED'],
  ['[1, 2][matches(a, b)]', 'PATTERN_UNBOUNDED'],
  ['for i in 1..1000000 return i', 'RANGE_UNBOUNDED'],
  ['for i in [1..1000000] return i', 'RANGE_UNBOUNDED'],
  ['some i in 1..1000000 satisfies i = -1', 'RANGE_UNBOUNDED'],
  [`"${'x'.repeat(5_000)}"`, 'EXPRESSION_TOO_LONG'],
  ['('.repeat(1_000) + 'a' + ')'.repeat(1_000), 'EXPRESSION_TOO_DEEP'],
];

describe('FEEL expression', () => {
  for (const [source, result] of results) {
    describe(`when it is ${source}`, () => {
      it(`gives ${JSON.stringify(result)}`, () => {
        const startedAt = performance.now();
        assert.deepEqual(evaluate(source), result);
        assert.ok(performance.now() - startedAt < 500);
      });
    });
  }

  for (const [source, code] of failures) {
    describe(`when it is ${source}`, () => {
      it(`fails with ${code}`, () =>
        assert.throws(
          () => evaluate(source),
          (error) => error instanceof Failure && error.code === code,
        ));
    });
  }

  for (const source of endless) {
    describe(`when it would be endless: ${source.slice(0, 80)}`, () => {
      it('is stopped in time', () => {
        assert.equal(checkExpression({ language: 'feel', source }), null);
        // processor time: a busy machine takes its own time
        const before = process.cpuUsage();
        assert.throws(
          () => evaluate(source),
          (error) => error instanceof Failure && error.code === 'EXPRESSION_FAILED',
        );
        const { user, system } = process.cpuUsage(before);
        assert.ok(user + system < 150_000, `it took ${user + system} µs`);
      });
    });
  }

  describe('when it is evaluated again and again', () => {
    it('takes less time than bare feelin, which parses it each time', () => {
      const bare: Record<string, unknown> = { a: 2, name: 'abc' };
      const bestOf = (run: () => void) =>
        Math.min(
          ...Array.from({ length: 20 }, () => {
            const startedAt = performance.now();
            for (let turn = 0; turn < 20; turn++) run();
            return performance.now() - startedAt;
          }),
        );
      const source = 'a > 1 and name = "abc"';
      const ours = bestOf(() => void evaluate(source));
      const theirs = bestOf(() => void evaluateBare(source, bare));
      assert.ok(ours <= 1.3 * theirs, `ours ${ours} ms, feelin ${theirs} ms`);
    });
  });

  describe('when it is checked for deployment', () => {
    for (const [source, code] of refused) {
      it(`refuses ${source.slice(0, 60)}`, () => {
        const startedAt = performance.now();
        assert.equal(checkExpression({ language: 'feel', source })?.code, code);
        assert.ok(performance.now() - startedAt < 500);
      });
    }

    for (const [source] of results) {
      it(`takes ${source}`, () => assert.equal(checkExpression({ language: 'feel', source: source.replace('elder age', 'age') }), null));
    }
  });
});

describe('FEEL unary tests', () => {
  const cases: [source: string, value: unknown, result: boolean][] = [
    ['> 3', 4, true],
    ['> 3', null, false],
    ['"a","b"', 'b', true],
    ['not("a")', 'a', false],
    ['[1..5)', 5, false],
    ['> a', 3, true],
    ['? > a and ? < 10', 11, false],
    ['-', null, true],
  ];
  for (const [source, value, result] of cases) {
    describe(`when ${JSON.stringify(value)} is tested by ${source}`, () => {
      it(`gives ${result}`, () => assert.equal(expressions.test(source, value, context), result));
    });
  }

  describe('when a name is unknown', () => {
    it('fails with UNKNOWN_VARIABLE', () =>
      assert.throws(
        () => expressions.test('> unknown', 1, context),
        (error) => error instanceof Failure && error.code === 'UNKNOWN_VARIABLE',
      ));
  });
});
