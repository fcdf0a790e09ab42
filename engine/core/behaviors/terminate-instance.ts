import { findElementInstance } from '../instance-tree.ts';
import { notifyScope, type Run, tokenOf } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { cancelElement, cancelInstance } from './cancel.ts';

/** Ends an instance from outside. A called instance takes the call activity of its caller with it, as in Camunda 7; that one's next step is on the agenda. */
export function terminateInstance(run: Run, state: InstanceState, reason: string | null): void {
  cancelInstance(run, state, 'EXTERNALLY_TERMINATED', reason);
  const caller = state.superId === undefined ? undefined : run.root.instances.get(state.superId);
  const call = caller && state.superElementInstance !== undefined ? findElementInstance(caller, state.superElementInstance) : undefined;
  if (!caller || !call) return;
  const token = tokenOf(run, caller, call);
  cancelElement(token, 'EXTERNALLY_TERMINATED');
  notifyScope(token);
}
