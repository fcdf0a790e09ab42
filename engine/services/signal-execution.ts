import { correlateMessage } from '#engine/core/commands/correlate-message.ts';
import type { Actor } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import { invalidInput, notFound } from '#engine/errors.ts';
import { loadBySubscription, type LoadedRoot } from '#engine/store/instance-store.ts';
import { waitingExecutions } from '#engine/store/subscription-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import { runCommand } from './run-command.ts';

interface Input {
  executionId: number;
  tenant: string;
  area: string | null;
  variables: Variables;
  actor: Actor;
}

/** Camunda's `RuntimeService.signal`. @see https://docs.camunda.org/manual/7.24/reference/bpmn20/tasks/receive-task/ */
export function* signalExecution(context: ServiceContext, writes: Writes, { executionId, variables, actor, ...scope }: Input): Work<void> {
  const waiting = yield* waitingExecutions(executionId, scope);
  const [one] = waiting;
  const refused = () => notFound('execution that waits to be signalled', executionId);
  if (!one) throw refused();
  if (waiting.length > 1)
    throw invalidInput(
      'EXECUTION_AMBIGUOUS',
      `Cannot signal execution ${executionId}: expected one receive task without a message to wait there, but several do`,
    );
  const subscriptionId = one.id;
  function* load(): Work<LoadedRoot> {
    const loaded = yield* loadBySubscription(subscriptionId);
    if (!loaded) throw refused();
    return loaded;
  }
  yield* runCommand(context, writes, {
    load,
    command: (root, ports, by) => correlateMessage({ subscriptionId, variables }, root, ports, by),
    actor,
    operation: 'signal-execution',
  });
}
