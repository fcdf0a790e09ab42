import { FeelRange } from 'feelin';
import { Failure } from '#engine/core/failure.ts';
import { builtIns } from './built-ins.ts';
import { callFunction, feelFunction, spend } from './function.ts';
import type { Parameter } from './function.ts';
import { inRange } from './range.ts';
import type { FeelCode } from './scope.ts';
import { costOf, nameOf, partOf, partsNamed, partsOf } from './tree.ts';
import type { FeelNode, Place } from './tree.ts';
import { compileType } from './type-names.ts';
import { coerce } from './types.ts';
import { isFunction } from './values.ts';

export function compileFunction(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  if (parts.some((each) => each.name === 'external')) return () => null;
  const list = parts.find((each) => each.name === 'FormalParameters');
  const parameters = list ? partsOf(list).filter((each) => each.name === 'FormalParameter') : [];
  const names = parameters.map((each) => nameOf(partOf(each, 0), place));
  const types = parameters
    .map((each) => partsOf(each).find((child) => child.name === 'Type'))
    .map((type) => type && compileType(type, place));
  const body = place.compile(parts.at(-1) as FeelNode, place);
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

export function compileInvocation(node: FeelNode, place: Place): FeelCode {
  const [callee, ...rest] = partsOf(node) as [FeelNode, ...FeelNode[]];
  return compileCall(place.compile(callee, place), rest, place);
}

function compileCall(callee: FeelCode, rest: FeelNode[], place: Place): FeelCode {
  const named = rest.find((each) => each.name === 'NamedParameters');
  if (named) {
    const given = partsNamed(named, 'NamedParameter').map((each) => ({
      name: nameOf(partOf(each, 0), place),
      value: place.compile(partOf(each, 1), place),
    }));
    return (scope) =>
      callFunction(callable(callee(scope), place), new Map(given.map(({ name, value }) => [name, value(scope)])), scope.run);
  }
  const positional = rest.find((each) => each.name === 'PositionalParameters');
  return call(callee, positional ? partsOf(positional).map((each) => place.compile(each, place)) : [], place);
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

/** `date("…")`, `@"…"` and the like: made once when the text is literal. */
export function compileDateTime(node: FeelNode, place: Place): FeelCode {
  const [constructor, ...rest] = partsOf(node) as [FeelNode, ...FeelNode[]];
  if (constructor.name === 'AtLiteral') return once(call(() => builtIns.get('@'), [place.compile(partOf(constructor, 0), place)], place));
  const made = compileCall(() => builtIns.get(nameOf(constructor, place)), rest, place);
  const given = rest.find((each) => each.name === 'PositionalParameters');
  return given && partsOf(given).every((each) => each.name === 'StringLiteral') ? once(made) : made;
}

/** For what is the same at each evaluation and costly to make. */
function once(code: FeelCode): FeelCode {
  let value: unknown;
  return (scope) => (value ??= code(scope));
}
