import type { Catcher } from '../behaviors/element-behavior.ts';
import { openSubscription } from '../behaviors/subscriptions.ts';
import { visibleVariables } from '../behaviors/variables.ts';
import type { ConditionalDefinition } from '../model.ts';

/** Waits for its condition, which is looked at now and, as long as it waits, after each change of a variable that it sees. */
export function openCondition(catcher: Catcher, _condition: ConditionalDefinition, definition?: number): void {
  const { run, state } = catcher;
  const subscription = openSubscription(catcher, 'conditional', '', definition);
  run.conditions.push({ state, subscription, variables: visibleVariables(catcher) });
}
