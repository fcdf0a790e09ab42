import { applyInstructions } from '../modification/apply-instructions.ts';
import type { ModificationInstruction } from '../modification/instructions.ts';
import { terminateInstance } from '../behaviors/terminate-instance.ts';
import { runToWaitStates } from '../execute.ts';
import { isScopeEmpty, loadedInstance, requireAllWhole } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { InstanceState } from '../state.ts';

export interface ModifyInstanceInput {
  instanceId: number;
  /** Carried out in this order, all or none. */
  instructions: readonly ModificationInstruction[];
  /** Camunda's `skipCustomListeners`. */
  skipListeners?: boolean;
  skipIoMappings?: boolean;
  /** Why; also the reason of the end when nothing is left. */
  annotation?: string | null;
}

/**
 * Moves tokens by hand: cancels and begins activities. An instance that has nothing left ends. Suspended ones may be modified.
 * @throws Failure `INSTANCE_NOT_FOUND`, `MODIFICATION_INVALID`, or what the started elements fail with
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/process-instance-modification/
 */
export function modifyInstance(
  { instanceId, instructions, skipListeners = false, skipIoMappings = false, annotation = null }: ModifyInstanceInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = Object.assign(createRun(root, ports, actor), { skipListeners, skipIoMappings });
  requireAllWhole(root);
  const state = loadedInstance(root, instanceId);
  applyInstructions(run, state, instructions);
  runToWaitStates(run);
  if (isRunning(state) && isScopeEmpty(state, state.id)) {
    terminateInstance(run, state, annotation);
    runToWaitStates(run);
  }
  return { events: run.events, result: { instanceId, ended: !isRunning(state) } };
}

const isRunning = ({ status }: InstanceState) => status !== 'ended';
