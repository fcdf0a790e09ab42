import { Failure } from '#engine/core/failure.ts';
import { builtIn, builtIns } from './built-ins.ts';
import { compileDateTime, compileFunction, compileInvocation } from './compile-calls.ts';
import { compileFilter, compileFor, compileQuantified } from './compile-loops.ts';
import { compileIn, compileUnaryTests } from './compile-tests.ts';
import { spend } from './function.ts';
import { and, calculate, compareBy, decimal, or } from './operators.ts';
import type { ArithmeticOperator, CompareOperator } from './operators.ts';
import type { FeelSort } from './parse-feel.ts';
import { propertyOf } from './properties.ts';
import { rangeOf } from './range.ts';
import { withEntries } from './scope.ts';
import type { FeelCode } from './scope.ts';
import { readText } from './string-literal.ts';
import { nameOf, partOf, partsNamed, partsOf, textOf } from './tree.ts';
import type { FeelNode, Place } from './tree.ts';
import { compileType } from './type-names.ts';
import { conforms } from './types.ts';
import { unknownVariable } from '../plain-value.ts';

/** Turns a parsed expression or unary test into a function, once for all its evaluations. */
export function compileFeel(tree: FeelNode, source: string, sort: FeelSort): FeelCode {
  const place: Place = { source, inFilter: false, compile: compileNode };
  return sort === 'expression' ? compileNode(tree, place) : compileUnaryTests(tree, place);
}

function compileNode(node: FeelNode, place: Place): FeelCode {
  const compile = compilers[node.name];
  if (!compile) throw new Failure('EXPRESSION_FAILED', `Expected FEEL, but "${textOf(node, place).slice(0, 100)}" (${node.name}) is none`);
  return compile(node, place);
}

const compileAll = (nodes: FeelNode[], place: Place) => nodes.map((node) => compileNode(node, place));
const constant =
  (value: unknown): FeelCode =>
  () =>
    value;

const compilers: Readonly<Record<string, (node: FeelNode, place: Place) => FeelCode>> = {
  Expression: (node, place) => compileNode(partOf(node, 0), place),
  ParenthesizedExpression: (node, place) => compileNode(partOf(node, 1), place),
  FunctionBody: (node, place) => compileNode(partOf(node, 0), place),
  NumericLiteral: (node, place) => constant(decimal(Number(textOf(node, place).replaceAll(/\s/g, '')))),
  StringLiteral: (node, place) => constant(readText(textOf(node, place))),
  BooleanLiteral: (node, place) => constant(textOf(node, place) === 'true'),
  null: () => constant(null),
  VariableName: compileVariable,
  SpecialFunctionName: (node, place) => constant(builtIns.get(textOf(node, place).replace(/\s+/g, ' ')) ?? null),
  '?': () => (scope) => scope.read('?') ?? null,
  DateTimeLiteral: compileDateTime,
  List: (node, place) => {
    const items = compileAll(partsOf(node).slice(1, -1), place);
    return (scope) => items.map((item) => item(scope));
  },
  Context: compileContext,
  Interval: compileInterval,
  SimplePositiveUnaryTest: compileOpenRange,
  ArithmeticExpression: compileArithmetic,
  Comparison: compileComparison,
  Conjunction: (node, place) => {
    const [left, right] = [compileNode(partOf(node, 0), place), compileNode(partOf(node, 2), place)];
    return (scope) => and(left(scope), () => right(scope));
  },
  Disjunction: (node, place) => {
    const [left, right] = [compileNode(partOf(node, 0), place), compileNode(partOf(node, 2), place)];
    return (scope) => or(left(scope), () => right(scope));
  },
  IfExpression: (node, place) => {
    const [condition, yes, no] = [1, 3, 5].map((index) => compileNode(partOf(node, index), place)) as [FeelCode, FeelCode, FeelCode];
    return (scope) => (condition(scope) === true ? yes(scope) : no(scope));
  },
  PathExpression: (node, place) => {
    const target = compileNode(partOf(node, 0), place);
    const name = nameOf(partOf(node, 2), place);
    return (scope) => {
      const value = target(scope);
      if (Array.isArray(value)) spend(scope.run, value.length >> 4);
      return propertyOf(value, name);
    };
  },
  FilterExpression: compileFilter,
  ForExpression: compileFor,
  QuantifiedExpression: compileQuantified,
  InstanceOfExpression: (node, place) => {
    const [value, type] = [compileNode(partOf(node, 0), place), compileType(partOf(node, 3), place)];
    return (scope) => {
      const given = value(scope);
      const wanted = type(scope.run);
      return given === null ? wanted.is === 'null' : conforms(given, wanted);
    };
  },
  FunctionDefinition: compileFunction,
  FunctionInvocation: compileInvocation,
};

function compileVariable(node: FeelNode, place: Place): FeelCode {
  const name = nameOf(node, place);
  const known = builtIn(name);
  // Somewhere in the file `a.b` is one name; here it may be a path.
  const parts = name.split(' . ');
  const { inFilter } = place;
  return (scope) => {
    const value = scope.read(name);
    if (value !== undefined) return value;
    if (known) return known;
    const inside = parts.length > 1 ? scope.read(parts[0] as string) : undefined;
    if (inside !== undefined) return parts.slice(1).reduce(propertyOf, inside);
    if (inFilter) return null;
    throw unknownVariable(name);
  };
}

function compileContext(node: FeelNode, place: Place): FeelCode {
  const entries = partsNamed(node, 'ContextEntry').map((entry) => {
    const [key, value] = [partOf(partOf(entry, 0), 0), partOf(entry, 1)];
    const name = key.name === 'StringLiteral' ? readText(textOf(key, place)) : textOf(key, place).replace(/\s+/g, ' ');
    return { name, value: compileNode(value, place) };
  });
  const isDoubled = new Set(entries.map((entry) => entry.name)).size < entries.length;
  return (scope) => {
    if (isDoubled) return null;
    const context: Record<string, unknown> = {};
    const visible = withEntries(scope, context);
    for (const { name, value } of entries) setEntry(context, name, value(visible));
    return context;
  };
}

/** Also for a name like `__proto__`, which a plain assignment would take for something else. */
const setEntry = (context: object, name: string, value: unknown) =>
  Object.defineProperty(context, name, { value, enumerable: true, configurable: true, writable: true });

function compileInterval(node: FeelNode, place: Place): FeelCode {
  const [open, start, , end, close] = partsOf(node) as [FeelNode, FeelNode, FeelNode, FeelNode, FeelNode];
  const [from, to] = [compileNode(start, place), compileNode(end, place)];
  const [startIncluded, endIncluded] = [open.name === '[', close.name === ']'];
  return (scope) => {
    const [low, high] = [from(scope), to(scope)];
    return low === null || high === null ? null : rangeOf(low, high, startIncluded, endIncluded);
  };
}

/** `> 5` as a value is the range above 5. */
function compileOpenRange(node: FeelNode, place: Place): FeelCode {
  const [first, second] = partsOf(node) as [FeelNode, FeelNode?];
  if (!second) return compileNode(first, place);
  const [operator, end] = [textOf(first, place) as CompareOperator, compileNode(second, place)];
  return (scope) => {
    const value = end(scope);
    if (value === null || operator === '!=') return null;
    if (operator === '=') return rangeOf(value, value, true, true);
    return operator.startsWith('>') ? rangeOf(value, null, operator === '>=', false) : rangeOf(null, value, false, operator === '<=');
  };
}

function compileArithmetic(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  if (parts.length === 2) {
    const value = compileNode(parts[1] as FeelNode, place);
    return (scope) => calculate('*', value(scope), -1);
  }
  const [left, right] = [compileNode(parts[0] as FeelNode, place), compileNode(parts[2] as FeelNode, place)];
  const operator = textOf(parts[1] as FeelNode, place) as ArithmeticOperator;
  return (scope) => {
    const result = calculate(operator, left(scope), right(scope));
    if (typeof result === 'string') spend(scope.run, result.length >> 6);
    return result;
  };
}

function compileComparison(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node) as [FeelNode, FeelNode, FeelNode, ...FeelNode[]];
  const left = compileNode(parts[0], place);
  if (parts[1].name === 'in') return compileIn(left, parts.slice(2), place);
  if (parts[1].name === 'between') {
    const [low, high] = [compileNode(parts[2], place), compileNode(parts[4] as FeelNode, place)];
    return (scope) => {
      const value = left(scope);
      return and(compareBy('>=', value, low(scope), scope.run), () => compareBy('<=', value, high(scope), scope.run));
    };
  }
  const [operator, right] = [textOf(parts[1], place) as CompareOperator, compileNode(parts[2], place)];
  return (scope) => compareBy(operator, left(scope), right(scope), scope.run);
}
