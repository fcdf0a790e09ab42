import { loadedInstance, requireWhole } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit } from '../run.ts';

/** Stops tasks, messages and jobs of an instance until it is activated; again is no error. @throws Failure `INSTANCE_NOT_FOUND` */
export function suspendInstance(
  { instanceId }: { instanceId: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number }> {
  const run = createRun(root, ports, actor);
  const state = loadedInstance(root, instanceId);
  requireWhole(state);
  if (state.status === 'active') emit(run, state, { instance: instanceId, type: 'InstanceSuspended' });
  return { events: run.events, result: { instanceId } };
}
