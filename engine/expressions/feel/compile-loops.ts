import { FeelRange } from 'feelin';
import { spend } from './function.ts';
import { inRange, itemsOf, iterable } from './range.ts';
import { withEntries, withValue } from './scope.ts';
import type { FeelCode, FeelScope } from './scope.ts';
import { costOf, nameOf, partOf, partsNamed, partsOf } from './tree.ts';
import type { FeelNode, Place } from './tree.ts';

export function compileFilter(node: FeelNode, place: Place): FeelCode {
  const target = place.compile(partOf(node, 0), place);
  const filter = place.compile(partOf(node, 2), { ...place, inFilter: true });
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
  return partsNamed(node, 'InExpression').map((each) => {
    const range = partsOf(partOf(each, 2));
    const [start, end] = [range[0], range[2]].map((bound) => bound && place.compile(bound, place));
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

export function compileFor(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  const cost = costOf(node);
  const [iterators, result] = [compileIterators(parts[1] as FeelNode, place), place.compile(parts.at(-1) as FeelNode, place)];
  return (scope) => {
    const partial: unknown[] = [];
    const done = forEach(iterators, cost, withValue(scope, 'partial', partial), (inner) => {
      partial.push(result(inner));
      return true;
    });
    return done ? partial : null;
  };
}

export function compileQuantified(node: FeelNode, place: Place): FeelCode {
  const parts = partsOf(node);
  const isSome = parts[0]?.name === 'some';
  const cost = costOf(node);
  const [iterators, condition] = [compileIterators(parts[1] as FeelNode, place), place.compile(parts.at(-1) as FeelNode, place)];
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
