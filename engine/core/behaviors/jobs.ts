import type { Element } from '../model.ts';
import { emit, type Run } from '../run.ts';
import type { ElementInstance, InstanceState, JobState } from '../state.ts';
import { contextAt, evaluateInteger } from './evaluation.ts';
import { resolveIncidents } from './incidents.ts';

/** Tries of a job before it becomes an incident: one more than there are waits, 3 when the model says nothing. */
export function triesOf(element: Element): number {
  return (element.retryWaitsMs?.length ?? 2) + 1;
}

export function createJob(
  run: Run,
  state: InstanceState,
  element: Element,
  owner: ElementInstance,
  job: Pick<JobState, 'kind' | 'dueAt' | 'repeat' | 'message'>,
): void {
  const priority = element.jobPriority
    ? evaluateInteger(run, element.jobPriority, contextAt(run, state, owner, element), 0, 'the job priority')
    : 0;
  const id = run.ports.nextId();
  emit(run, state, {
    instance: state.id,
    type: 'JobCreated',
    job: { id, element: element.index, owner: owner.id, retries: triesOf(element), priority, ...job },
  });
}

/** Ends the jobs and subscriptions that belong to an element instance; `only` restricts them by the element they act for. */
export function closeOwned(run: Run, state: InstanceState, owner: number, only?: (element: number) => boolean): void {
  for (let i = state.jobs.length - 1; i >= 0; i--) {
    const job = state.jobs[i];
    if (job?.owner !== owner || (only && !only(job.element))) continue;
    resolveIncidents(run, state, job.id);
    emit(run, state, { instance: state.id, type: 'JobCanceled', job: job.id });
  }
  for (let i = state.subscriptions.length - 1; i >= 0; i--) {
    const subscription = state.subscriptions[i];
    if (subscription?.owner !== owner || (only && !only(subscription.element))) continue;
    emit(run, state, { instance: state.id, type: 'SubscriptionClosed', subscription: subscription.id, reason: 'canceled' });
  }
}
