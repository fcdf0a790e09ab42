import { findElementInstance, isScopeEmpty } from '../instance-tree.ts';
import { cancelAt } from '../modification/cancel-at.ts';
import type { Run } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { cancelInstance } from './cancel.ts';

/**
 * Ends an instance from outside. A called instance takes the call activity of its caller with it, the scopes around that are
 * empty then, and the caller itself when nothing of it is left, as in Camunda 7.
 */
export function terminateInstance(run: Run, state: InstanceState, reason: string | null): void {
  cancelInstance(run, state, 'EXTERNALLY_TERMINATED', reason);
  const caller = state.superId === undefined ? undefined : run.root.instances.get(state.superId);
  const call = caller && state.superElementInstance !== undefined ? findElementInstance(caller, state.superElementInstance) : undefined;
  if (!caller || !call) return;
  cancelAt(run, caller, { type: 'cancel', instance: call.id });
  if (isScopeEmpty(caller, caller.id)) terminateInstance(run, caller, reason);
}
