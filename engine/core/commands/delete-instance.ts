import { terminateInstance } from '../behaviors/terminate-instance.ts';
import { runToWaitStates } from '../execute.ts';
import { loadedInstance } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';

export interface DeleteInstanceInput {
  instanceId: number;
  reason: string | null;
  /** Camunda's `skipCustomListeners`. */
  skipListeners?: boolean;
  skipIoMappings?: boolean;
}

/**
 * Ends an instance and those it called. A called instance takes the call activity of its caller with it, as in Camunda 7.
 * @throws Failure `INSTANCE_NOT_FOUND`
 */
export function deleteInstance(
  { instanceId, reason, skipListeners = false, skipIoMappings = false }: DeleteInstanceInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  Object.assign(run, { skipListeners, skipIoMappings });
  const state = loadedInstance(root, instanceId);
  terminateInstance(run, state, reason);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId } };
}
