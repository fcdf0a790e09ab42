import { activateInside } from '../behaviors/ad-hoc.ts';
import { runToWaitStates } from '../execute.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { Variables } from '../values.ts';
import { findAdHoc } from './find.ts';

export interface ActivateAdHocInput {
  instanceId: number;
  /** Of the ad-hoc sub-process. */
  elementInstance: number;
  /** BPMN ids of what shall begin, each with local variables; the same one may begin several times. */
  elements: readonly { id: string; variables?: Variables }[];
}

/**
 * Begins activities of an ad-hoc sub-process; `activated` = their element instances.
 * @throws Failure `INSTANCE_NOT_FOUND`, `AD_HOC_NOT_FOUND`, `INSTANCE_SUSPENDED`, `AD_HOC_CLOSING`, `AD_HOC_BUSY`,
 * `AD_HOC_ELEMENT_INVALID`, or what comes after fails with
 */
export function activateAdHocElements(
  { elements, ...where }: ActivateAdHocInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; activated: number[] }> {
  const run = createRun(root, ports, actor);
  const activated = activateInside(findAdHoc(run, where), elements);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: where.instanceId, activated } };
}
