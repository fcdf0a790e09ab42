import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { receiveEvent } from '../receive-event.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { Variables } from '../values.ts';
import { findSubscription } from './find.ts';

export interface CorrelateMessageInput {
  subscriptionId: number;
  variables?: Variables;
  /** Stay with the element that caught the message. */
  localVariables?: Variables;
}

/**
 * Hands a message or signal to one open subscription; which one is the caller's search.
 * @throws Failure `SUBSCRIPTION_NOT_FOUND`, `INSTANCE_SUSPENDED`, or what comes after fails with
 */
export function correlateMessage(
  { subscriptionId, variables = {}, localVariables = {} }: CorrelateMessageInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; elementInstance: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findSubscription(root, subscriptionId);
  receiveEvent(run, state, found, { variables, localVariables });
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, elementInstance: found.owner, ended: state.status === 'ended' } };
}
