import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { receiveEvent } from '../receive-event.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { Variables } from '../values.ts';
import { findOpenSubscription } from './find.ts';

export interface ReceiveSignalInput {
  subscriptionIds: readonly number[];
  variables: Variables;
}

/**
 * A signal from outside the tree comes to those who still wait for it, one after the other: what the first one interrupts no
 * longer waits. `stillOpen`: the subscriptions that could get the same signal again. @throws Failure of what comes after
 */
export function receiveSignal(
  { subscriptionIds, variables }: ReceiveSignalInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ received: number[]; stillOpen: number[] }> {
  const run = createRun(root, ports, actor);
  const received: number[] = [];
  for (const id of subscriptionIds) {
    const waiting = findOpenSubscription(root, id);
    if (!waiting || waiting.state.status !== 'active') continue;
    receiveEvent(run, waiting.state, waiting.found, { variables, localVariables: {} });
    runToWaitStates(run);
    received.push(id);
  }
  return { events: run.events, result: { received, stillOpen: received.filter((id) => findOpenSubscription(root, id)) } };
}
