import { Failure } from '../failure.ts';
import { findElementInstance, loadedInstance, requireAllWhole, requireWhole } from '../instance-tree.ts';
import type { AdHocSubProcess } from '../model.ts';
import type { RootState } from '../ports.ts';
import { type Run, type Token, tokenOf } from '../run.ts';
import type { ElementInstance, ExternalTaskState, InstanceState, JobState, SubscriptionState, TaskState } from '../state.ts';

/** Where something of a root is; commands get its id only. */
export interface Found<T> {
  state: InstanceState;
  found: T;
}

/** @throws Failure `TASK_NOT_FOUND` when it never was, is completed or canceled; `INSTANCE_SUSPENDED` */
export function findTask(root: RootState, id: number): Found<ElementInstance & { task: TaskState }> {
  for (const state of root.instances.values()) {
    const instance = findElementInstance(state, id);
    if (instance?.task) return { state: notSuspended(state), found: instance as ElementInstance & { task: TaskState } };
  }
  requireAllWhole(root);
  throw new Failure('TASK_NOT_FOUND', `Expected user task ${id} to be open, but it is completed, canceled or unknown`);
}

/** @throws Failure `EXTERNAL_TASK_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function findExternalTask(root: RootState, id: number): Found<ElementInstance & { externalTask: ExternalTaskState }> {
  for (const state of root.instances.values()) {
    const instance = findElementInstance(state, id);
    if (instance?.externalTask)
      return { state: notSuspended(state), found: instance as ElementInstance & { externalTask: ExternalTaskState } };
  }
  requireAllWhole(root);
  throw new Failure('EXTERNAL_TASK_NOT_FOUND', `Expected external task ${id} to be open, but it is completed, canceled or unknown`);
}

/** @throws Failure `JOB_NOT_FOUND` */
export function findJob(root: RootState, id: number): Found<JobState> {
  for (const state of root.instances.values()) {
    const found = state.jobs.find((job) => job.id === id);
    if (found) return { state, found };
  }
  requireAllWhole(root);
  throw new Failure('JOB_NOT_FOUND', `Expected job ${id} to exist, but it is executed, canceled or unknown`);
}

/** @throws Failure `SUBSCRIPTION_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function findSubscription(root: RootState, id: number): Found<SubscriptionState> {
  const open = findOpenSubscription(root, id);
  if (open) return { state: notSuspended(open.state), found: open.found };
  requireAllWhole(root);
  throw new Failure('SUBSCRIPTION_NOT_FOUND', `Expected subscription ${id} to be open, but it is closed or unknown`);
}

/** Null when it is closed; of an item that is not loaded nothing is known. */
export function findOpenSubscription(root: RootState, id: number): Found<SubscriptionState> | null {
  for (const state of root.instances.values()) {
    const found = state.subscriptions.find((subscription) => subscription.id === id);
    if (found) return { state, found };
  }
  return null;
}

/** An active ad-hoc sub-process. @throws Failure `INSTANCE_NOT_FOUND`, `AD_HOC_NOT_FOUND`, `INSTANCE_SUSPENDED` */
export function findAdHoc(
  run: Run,
  { instanceId, elementInstance: id }: { instanceId: number; elementInstance: number },
): Token<AdHocSubProcess> {
  const state = notSuspended(loadedInstance(run.root, instanceId));
  const instance = findElementInstance(state, id);
  if (!instance) requireWhole(state);
  const token = instance?.phase === 'active' ? tokenOf(run, state, instance) : undefined;
  if (token?.element.type === 'bpmn:AdHocSubProcess') return token as Token<AdHocSubProcess>;
  throw new Failure('AD_HOC_NOT_FOUND', `Expected element instance ${id} to be an active ad-hoc sub-process, but it is not`);
}

export function notSuspended(state: InstanceState): InstanceState {
  if (state.status === 'suspended')
    throw new Failure('INSTANCE_SUSPENDED', `Expected instance ${state.id} to be active, but it is suspended`);
  return state;
}
