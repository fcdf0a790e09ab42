import { Failure } from '../failure.ts';
import { isLooped } from '../instance-tree.ts';
import type { Element, ProcessModel } from '../model.ts';
import { elementAt } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';

/** A scope that an element stands in: a process or sub-process, or the body of a loop. */
export interface Level {
  element: Element;
  kind: 'scope' | 'body';
}

/** The levels around an element, the process first. */
export function levelsAround(model: ProcessModel, element: Element): Level[] {
  const levels: Level[] = [];
  for (let at = element.parent; at >= 0; ) {
    const scope = elementAt(model, at);
    levels.unshift({ element: scope, kind: 'scope' });
    if (isLooped(scope)) levels.unshift({ element: scope, kind: 'body' });
    at = scope.parent;
  }
  return levels;
}

/** Whether the element instance is one of that level: it has begun, and is not parked or compensated. */
export function isAtLevel(instance: ElementInstance, { element, kind }: Level): boolean {
  if (instance.element !== element.index) return false;
  return kind === 'body' ? instance.phase === 'body' && instance.loop !== undefined : instance.phase === 'active';
}

/**
 * The innermost level that is there, and where it is: `at` = its index in `levels`. With `ancestor` that element instance.
 * @throws Failure `MODIFICATION_INVALID` when it is there several times, or the ancestor is no scope around the element
 */
export function findLevel(state: InstanceState, levels: readonly Level[], ancestor: number | undefined): { at: number; instance: ElementInstance } {
  for (let at = levels.length - 1; at >= 0; at--) {
    const level = levels[at] as Level;
    const there = state.elements.filter((instance) => isAtLevel(instance, level));
    if (ancestor !== undefined) {
      const named = there.find(({ id }) => id === ancestor);
      if (named) return { at, instance: named };
      continue;
    }
    const [instance] = there;
    if (there.length > 1) {
      throw new Failure(
        'MODIFICATION_INVALID',
        `Expected one instance of ${level.element.id} to begin in, but there are ${there.length}: name one as ancestorActivityInstanceId`,
        level.element.id,
      );
    }
    if (instance) return { at, instance };
  }
  throw new Failure(
    'MODIFICATION_INVALID',
    `Expected activity instance ${ancestor ?? state.id} to be a scope around the element to begin, but it is not`,
  );
}
