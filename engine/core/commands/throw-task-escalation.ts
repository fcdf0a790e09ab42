import { escalate } from '../behaviors/escalations.ts';
import { setVariables } from '../behaviors/variables.ts';
import { runToWaitStates } from '../execute.ts';
import { Failure } from '../failure.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, tokenOf } from '../run.ts';
import type { Variables } from '../values.ts';
import { findTask } from './find.ts';

export interface ThrowTaskEscalationInput {
  taskId: number;
  code: string;
  /** Each goes to the nearest scope that has it, else to the process. */
  variables?: Variables;
}

/**
 * A person's task escalates; it stays open unless the catcher interrupts it.
 * @throws Failure `TASK_NOT_FOUND`, `INSTANCE_SUSPENDED`, `ESCALATION_NOT_CAUGHT`, or what comes after fails with
 */
export function throwTaskEscalation(
  { taskId, code, variables = {} }: ThrowTaskEscalationInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const { state, found } = findTask(root, taskId);
  const token = tokenOf(run, state, found);
  setVariables(token, variables);
  if (!escalate(token, code))
    throw new Failure(
      'ESCALATION_NOT_CAUGHT',
      `Expected somebody to catch escalation ${code} of task ${taskId}, but nobody does`,
      token.element.id,
    );
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, ended: state.status === 'ended' } };
}
