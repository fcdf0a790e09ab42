import { runToWaitStates } from '../execute.ts';
import { loadedInstance, requireWhole } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';

/** Lets a suspended instance go on; again is no error. @throws Failure `INSTANCE_NOT_FOUND`, or what goes on fails with */
export function activateInstance(
  { instanceId }: { instanceId: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  const state = loadedInstance(root, instanceId);
  requireWhole(state);
  if (state.status === 'suspended') emit(run, state, { instance: instanceId, type: 'InstanceActivated' });
  // A migration or modification meanwhile may have left joins that can go on.
  runToWaitStates(run);
  return { events: run.events, result: { instanceId } };
}
