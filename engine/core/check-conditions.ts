import { conditionOf } from './behaviors/conditions-that-see.ts';
import { NO_PAYLOAD } from './behaviors/element-behavior.ts';
import { contextAt } from './behaviors/evaluation.ts';
import { tryCondition } from './behaviors/try-condition.ts';
import { elementInstance } from './instance-tree.ts';
import type { EvaluationContext } from './ports.ts';
import { receiveEvent } from './receive-event.ts';
import { elementAt, type PendingCondition, type Run } from './run.ts';
import type { SubscriptionState } from './state.ts';

/**
 * Looks at the conditional events for which a variable has changed, and triggers those whose condition is true. As in
 * Camunda 7 each change counts, also when the condition was true before.
 * @see https://docs.camunda.org/manual/7.24/reference/bpmn20/events/conditional-events/
 */
export function checkConditions(run: Run): void {
  while (run.conditions.length > 0) {
    for (const pending of run.conditions.splice(0)) {
      const { state } = pending;
      const subscription = state.subscriptions.find(({ id }) => id === pending.subscription);
      if (subscription && state.status === 'active' && isMet(run, pending, subscription))
        receiveEvent(run, state, subscription, NO_PAYLOAD);
    }
  }
}

function isMet(run: Run, { state, variables }: PendingCondition, subscription: SubscriptionState): boolean {
  const model = run.ports.model(state.definitionId);
  const place = { run, state, instance: elementInstance(state, subscription.owner) };
  const now = contextAt(place, elementAt(model, subscription.element));
  // It sees the variables as they were right after the change, not after the next ones of the same step.
  const context: EvaluationContext = Object.assign(Object.create(now) as EvaluationContext, {
    variable: (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    variableNames: () => Object.keys(variables),
  });
  return tryCondition(run, conditionOf(model, subscription), context);
}
