import { removeLocalVariable, setLocalVariables, setVariables as setFromHere } from '../behaviors/variables.ts';
import { runToWaitStates } from '../execute.ts';
import { elementInstance, loadedInstance } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { Variables } from '../values.ts';

export interface SetVariablesInput {
  instanceId: number;
  /** Element instance whose variables they are; the process's when absent. */
  scope?: number;
  /** true: set on the scope itself, even when an outer scope has the variable. Removing is always local. Default false. */
  local?: boolean;
  set?: Variables;
  remove?: string[];
}

/** Changes variables from outside, which may trigger conditional events. @throws Failure `INSTANCE_NOT_FOUND`, `ELEMENT_INSTANCE_NOT_FOUND`, or what these fail with */
export function setVariables(input: SetVariablesInput, root: RootState, ports: Ports, actor: Actor): CommandResult<{ instanceId: number }> {
  const { instanceId, scope = instanceId, local = false, set = {}, remove = [] } = input;
  const run = createRun(root, ports, actor);
  const state = loadedInstance(root, instanceId);
  const place = { run, state, instance: elementInstance(state, scope) };
  for (const name of remove) removeLocalVariable(place, name);
  (local ? setLocalVariables : setFromHere)(place, set);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId } };
}
