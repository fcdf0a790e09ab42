import { completeAdHoc as complete } from '../behaviors/ad-hoc.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import { findAdHoc } from './find.ts';

/**
 * Completes an ad-hoc sub-process as its completion condition would.
 * @throws Failure `INSTANCE_NOT_FOUND`, `AD_HOC_NOT_FOUND`, `INSTANCE_SUSPENDED`, or what comes after fails with
 */
export function completeAdHoc(
  where: { instanceId: number; elementInstance: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const token = findAdHoc(run, where);
  complete(token);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: where.instanceId, ended: token.state.status === 'ended' } };
}
