import { createJob } from '../behaviors/jobs.ts';
import { elementInstance } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, elementAt } from '../run.ts';
import type { Variables } from '../values.ts';
import { findOpenSubscription } from './find.ts';

/**
 * A catcher failed while it handled a signal from elsewhere: a `deliver-signal` job of its own tries again, so that neither the
 * thrower nor the other catchers depend on it. Nothing happens when it no longer waits.
 */
export function deferSignal(
  { subscriptionId, variables }: { subscriptionId: number; variables: Variables },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<null> {
  const run = createRun(root, ports, actor);
  const waiting = findOpenSubscription(root, subscriptionId);
  if (waiting) {
    const { state, found: subscription } = waiting;
    const element = elementAt(ports.model(state.definitionId), subscription.element);
    const place = { run, state, instance: elementInstance(state, subscription.owner) };
    createJob(place, element, { kind: 'deliver-signal', dueAt: ports.now, signal: { subscription: subscriptionId, variables } });
  }
  return { events: run.events, result: null };
}
