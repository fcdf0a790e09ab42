import { FeelRange } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import type { FeelRun } from './function.ts';
import { compareBy, equals, same } from './operators.ts';
import type { CompareOperator } from './operators.ts';
import { inRange } from './range.ts';
import { withValue } from './scope.ts';
import type { FeelCode, FeelScope } from './scope.ts';
import { partOf, partsNamed, partsOf, textOf } from './tree.ts';
import type { FeelNode, Place } from './tree.ts';

type Test = (scope: FeelScope, value: unknown) => boolean | null;

/** `left in …`. */
export function compileIn(left: FeelCode, rest: FeelNode[], place: Place): FeelCode {
  const list = rest.find((each) => each.name === 'PositiveUnaryTests');
  const tests = (list ? partsOf(list) : [rest[0] as FeelNode])
    .filter((each) => each.name === 'PositiveUnaryTest')
    .map((each) => compileTest(each, place));
  return (scope) => {
    const value = left(scope);
    return anyOf(tests, withValue(scope, '?', value), value);
  };
}

function anyOf(tests: Test[], scope: FeelScope, value: unknown): boolean | null {
  let result: boolean | null = false;
  for (const test of tests) {
    const passed = test(scope, value);
    if (passed === true) return true;
    result = passed === null ? null : result;
  }
  return result;
}

/** Unary tests of a cell; `?` is the value. */
export function compileUnaryTests(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  if (parts[0]?.name === 'Wildcard') return () => true;
  const isNegated = parts[0]?.name === 'not';
  const list = parts.find((each) => each.name === 'PositiveUnaryTests');
  if (!list) throw new Failure('EXPRESSION_FAILED', `Expected FEEL unary tests, but "${place.source.slice(0, 100)}" are none`);
  const tests = partsNamed(list, 'PositiveUnaryTest').map((each) => compileTest(each, place));
  return (scope) => {
    const result = anyOf(tests, scope, scope.read('?') ?? null);
    return isNegated ? (result === null ? null : !result) : result;
  };
}

function compileTest(node: FeelNode, place: Place): Test {
  const child = partOf(node, 0);
  // `(= 3)` is the test in brackets.
  const inner = child.name === 'ParenthesizedExpression' && partOf(child, 1).name === 'SimplePositiveUnaryTest' ? partOf(child, 1) : child;
  const [first, second] = partsOf(inner);
  if (inner.name === 'SimplePositiveUnaryTest' && first && second) {
    const [operator, end] = [textOf(first, place) as CompareOperator, place.compile(second, place)];
    return (scope, value) => compareBy(operator, value, end(scope), scope.run);
  }
  const code = place.compile(inner, place);
  if (first?.name === 'Interval') {
    return (scope, value) => {
      const range = code(scope);
      return range === null ? null : isAmong(value, range, scope.run);
    };
  }
  if (mentionsInput(inner)) return (scope) => asBoolean(code(scope));
  return (scope, value) => {
    const wanted = code(scope);
    return typeof wanted === 'boolean' && typeof value !== 'boolean' && value !== null ? wanted : isAmong(value, wanted, scope.run);
  };
}

const asBoolean = (value: unknown) => (typeof value === 'boolean' ? value : null);

function mentionsInput(node: FeelNode): boolean {
  let found = node.name === '?';
  node.cursor().iterate((each) => void (found ||= each.name === '?'));
  return found;
}

function isAmong(value: unknown, wanted: unknown, run: FeelRun): boolean | null {
  if (wanted instanceof FeelRange) return value instanceof FeelRange ? same(value, wanted, run) : inRange(wanted, value);
  if (!Array.isArray(wanted)) return equals(value, wanted, run) ?? false;
  return (
    same(value, wanted, run) ||
    wanted.some((item) => (item instanceof FeelRange ? isAmong(value, item, run) === true : same(value, item, run)))
  );
}
