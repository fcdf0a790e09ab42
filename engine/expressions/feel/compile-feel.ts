import { FeelRange } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { builtIn, builtIns } from './built-ins.ts';
import { callFunction, feelFunction, spend } from './function.ts';
import type { FeelRun, Parameter } from './function.ts';
import { and, calculate, compareBy, decimal, equals, or, same } from './operators.ts';
import type { ArithmeticOperator, CompareOperator } from './operators.ts';
import { propertyOf } from './properties.ts';
import { inRange, itemsOf, iterable, rangeOf } from './range.ts';
import { withEntries, withValue } from './scope.ts';
import type { FeelCode, FeelScope } from './scope.ts';
import { readText } from './string-literal.ts';
import { costOf, nameOf, partOf, partsOf, textOf } from './tree.ts';
import type { FeelNode, Place } from './tree.ts';
import { compileType } from './type-names.ts';
import { coerce, conforms } from './types.ts';
import { isFunction } from './values.ts';
import { unknownVariable } from '../plain-value.ts';

type Test = (scope: FeelScope, value: unknown) => boolean | null;

/** Turns a parsed expression into a function, once for all its evaluations. */
export function compileNode(node: FeelNode, place: Place): FeelCode {
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
  AtLiteral: (node, place) => once(call(constant(builtIns.get('@')), [compileNode(partOf(node, 0), place)], place)),
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

function compileDateTime(node: FeelNode, place: Place): FeelCode {
  const [constructor, ...rest] = partsOf(node) as [FeelNode, ...FeelNode[]];
  if (constructor.name === 'AtLiteral') return compileNode(constructor, place);
  const made = compileCall(constant(builtIns.get(nameOf(constructor, place))), rest, place);
  const given = rest.find((each) => each.name === 'PositionalParameters');
  return given && partsOf(given).every((each) => each.name === 'StringLiteral') ? once(made) : made;
}

/** For what is the same at each evaluation and costly to make. */
function once(code: FeelCode): FeelCode {
  let value: unknown;
  return (scope) => (value ??= code(scope));
}

function compileContext(node: FeelNode, place: Place): FeelCode {
  const entries = partsOf(node)
    .slice(1, -1)
    .filter((each) => each.name === 'ContextEntry')
    .map((entry) => {
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
  return (scope) => {
    const [low, high] = [from(scope), to(scope)];
    return low === null || high === null ? null : rangeOf(low, high, open.name === '[', close.name === ']');
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

function compileIn(left: FeelCode, rest: FeelNode[], place: Place): FeelCode {
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
  if (parts[0]?.name === 'Wildcard') return constant(true);
  const isNegated = parts[0]?.name === 'not';
  const list = parts.find((each) => each.name === 'PositiveUnaryTests');
  if (!list) throw new Failure('EXPRESSION_FAILED', `Expected FEEL unary tests, but "${place.source.slice(0, 100)}" are none`);
  const tests = partsOf(list)
    .filter((each) => each.name === 'PositiveUnaryTest')
    .map((each) => compileTest(each, place));
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
    const [operator, end] = [textOf(first, place) as CompareOperator, compileNode(second, place)];
    return (scope, value) => compareBy(operator, value, end(scope), scope.run);
  }
  const code = compileNode(inner, place);
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

function compileFilter(node: FeelNode, place: Place): FeelCode {
  const target = compileNode(partOf(node, 0), place);
  const filter = compileNode(partOf(node, 2), { ...place, inFilter: true });
  const cost = costOf(partOf(node, 2));
  return (scope) => {
    const value = target(scope);
    if (value === null) return null;
    const items = Array.isArray(value) ? value : [value];
    if (items.length === 0) return typeof filter(withValue(scope, 'item', null)) === 'number' ? null : [];
    const kept: unknown[] = [];
    for (const item of items) {
      spend(scope.run, cost);
      const passed = filter(withEntries(withValue(scope, 'item', item), item));
      if (typeof passed === 'number') return items.at(passed > 0 ? passed - 1 : passed === 0 ? items.length : passed) ?? null;
      if (passed instanceof FeelRange ? inRange(passed, item) === true : passed === true) kept.push(item);
    }
    return kept;
  };
}

interface Iterator {
  name: string;
  items: (scope: FeelScope) => unknown[] | null;
}

function compileIterators(node: FeelNode, place: Place): Iterator[] {
  return partsOf(node)
    .filter((each) => each.name === 'InExpression')
    .map((each) => {
      const range = partsOf(partOf(each, 2));
      const [start, end] = [range[0], range[2]].map((end) => end && compileNode(end, place));
      return {
        name: nameOf(partOf(each, 0), place),
        items: (scope) => (end ? itemsOf(start?.(scope), end(scope), scope.run) : iterable(start?.(scope), scope.run)),
      };
    });
}

/** Runs `turn` in the scope of each combination, the last name changing fastest; false when something cannot be run over. */
function forEach([first, ...others]: Iterator[], cost: number, scope: FeelScope, turn: (scope: FeelScope) => boolean): boolean {
  if (!first) return turn(scope);
  const items = first.items(scope);
  if (!items) return false;
  for (const item of items) {
    spend(scope.run, cost);
    if (!forEach(others, cost, withValue(scope, first.name, item), turn)) return false;
  }
  return true;
}

function compileFor(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  const cost = costOf(node);
  const [iterators, result] = [compileIterators(parts[1] as FeelNode, place), compileNode(parts.at(-1) as FeelNode, place)];
  return (scope) => {
    const partial: unknown[] = [];
    const done = forEach(iterators, cost, withValue(scope, 'partial', partial), (inner) => {
      partial.push(result(inner));
      return true;
    });
    return done ? partial : null;
  };
}

function compileQuantified(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  const isSome = parts[0]?.name === 'some';
  const cost = costOf(node);
  const [iterators, condition] = [compileIterators(parts[1] as FeelNode, place), compileNode(parts.at(-1) as FeelNode, place)];
  return (scope) => {
    let result: boolean | null = !isSome;
    const done = forEach(iterators, cost, scope, (inner) => {
      const passed = condition(inner);
      if (typeof passed !== 'boolean') result = result === isSome ? result : null;
      else if (passed === isSome) result = isSome;
      return result !== isSome;
    });
    return done || result === isSome ? result : null;
  };
}

function compileFunction(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  if (parts.some((each) => each.name === 'external')) return constant(null);
  const list = parts.find((each) => each.name === 'FormalParameters');
  const parameters = list ? partsOf(list).filter((each) => each.name === 'FormalParameter') : [];
  const names = parameters.map((each) => nameOf(partOf(each, 0), place));
  const types = parameters
    .map((each) => partsOf(each).find((child) => child.name === 'Type'))
    .map((type) => type && compileType(type, place));
  const body = compileNode(parts.at(-1) as FeelNode, place);
  const cost = costOf(parts.at(-1) as FeelNode);
  return (scope) => {
    const signature = names.map((name, index): Parameter => {
      const type = types[index]?.(scope.run);
      return { name, ...(type && { coerce: (value) => coerce(value, type) }) };
    });
    return feelFunction([signature], (values, run) => {
      spend(run, cost);
      return body({ run, read: (name) => (names.includes(name) ? (values[names.indexOf(name)] ?? null) : scope.read(name)) });
    });
  };
}

function compileInvocation(node: FeelNode, place: Place): FeelCode {
  const [callee, ...rest] = partsOf(node) as [FeelNode, ...FeelNode[]];
  return compileCall(compileNode(callee, place), rest, place);
}

function compileCall(callee: FeelCode, rest: FeelNode[], place: Place): FeelCode {
  const named = rest.find((each) => each.name === 'NamedParameters');
  if (named) {
    const given = partsOf(named)
      .filter((each) => each.name === 'NamedParameter')
      .map((each) => ({ name: nameOf(partOf(each, 0), place), value: compileNode(partOf(each, 1), place) }));
    return (scope) =>
      callFunction(callable(callee(scope), place), new Map(given.map(({ name, value }) => [name, value(scope)])), scope.run);
  }
  const positional = rest.find((each) => each.name === 'PositionalParameters');
  return call(callee, positional ? compileAll(partsOf(positional), place) : [], place);
}

const call =
  (callee: FeelCode, values: FeelCode[], place: Place): FeelCode =>
  (scope) => {
    const target = callee(scope);
    if (target instanceof FeelRange && values[0]) return inRange(target, values[0](scope));
    return callFunction(
      callable(target, place),
      values.map((value) => value(scope)),
      scope.run,
    );
  };

function callable(target: unknown, { source }: Place) {
  if (isFunction(target)) return target;
  throw new Failure('EXPRESSION_FAILED', `Expected a FEEL function in "${source.slice(0, 200)}", but it is not known`);
}
