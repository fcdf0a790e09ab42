import { cancelElement, cancelInstance } from '../behaviors/cancel.ts';
import { runToWaitStates } from '../execute.ts';
import { findElementInstance, loadedInstance } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, notifyScope, tokenOf } from '../run.ts';

export interface DeleteInstanceInput {
  instanceId: number;
  reason: string | null;
  /** Camunda's `skipCustomListeners`. */
  skipListeners?: boolean;
}

/**
 * Ends an instance and those it called. A called instance takes the call activity of its caller with it, as in Camunda 7.
 * @throws Failure `INSTANCE_NOT_FOUND`
 */
export function deleteInstance(
  { instanceId, reason, skipListeners = false }: DeleteInstanceInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  run.skipListeners = skipListeners;
  const state = loadedInstance(root, instanceId);
  cancelInstance(run, state, 'EXTERNALLY_TERMINATED', reason);
  const caller = state.superId === undefined ? undefined : root.instances.get(state.superId);
  const call = caller && state.superElementInstance !== undefined ? findElementInstance(caller, state.superElementInstance) : undefined;
  if (caller && call) {
    const token = tokenOf(run, caller, call);
    cancelElement(token, 'EXTERNALLY_TERMINATED');
    notifyScope(token);
    runToWaitStates(run);
  }
  return { events: run.events, result: { instanceId } };
}
