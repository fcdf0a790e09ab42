import { Failure } from '../failure.ts';
import type { Element } from '../model.ts';
import { emit, type Place, type Run, STEPS_OF_COMMAND, STEPS_WITHOUT_WAIT } from '../run.ts';
import type { JobState } from '../state.ts';
import { contextAt, evaluateInteger } from './evaluation.ts';
import { resolveIncidents } from './incidents.ts';

/** Tries of a job before it becomes an incident: one more than there are waits, 3 when the model says nothing. */
export function triesOf(element: Element): number {
  return (element.retryWaitsMs?.length ?? 2) + 1;
}

/** The job belongs to the element instance at `owner` and acts for `element`. */
export function createJob(owner: Place, element: Element, job: Pick<JobState, 'kind' | 'dueAt' | 'repeat' | 'message' | 'listener' | 'signal' | 'definition'>): void {
  const { run, state, instance } = owner;
  const setting = run.ports.jobSetting?.(state.definitionId, { element: element.id, kind: job.kind });
  const ofModel = element.jobPriority
    ? evaluateInteger(run, element.jobPriority, contextAt(owner, element), { fallback: 0, what: 'the job priority' })
    : 0;
  const id = run.ports.nextId();
  emit(run, state, {
    instance: state.id,
    type: 'JobCreated',
    job: {
      id,
      element: element.index,
      owner: instance.id,
      retries: triesOf(element),
      priority: setting?.priority ?? ofModel,
      ...(setting?.suspended && { suspended: true }),
      ...job,
      ...stepsUpTo(run, job.dueAt, element),
    },
  });
}

/** A timer that is due sooner counts as no wait. */
const REAL_WAIT_MS = 1_000;

/** @throws Failure `ENDLESS_LOOP` when its path never comes to a wait state */
function stepsUpTo(run: Run, dueAt: number, element: Element): Pick<JobState, 'steps'> {
  if (dueAt - run.ports.now >= REAL_WAIT_MS) return {};
  const steps = run.stepsBefore + Math.max(run.steps, STEPS_OF_COMMAND);
  if (steps <= STEPS_WITHOUT_WAIT) return { steps };
  throw new Failure(
    'ENDLESS_LOOP',
    `Expected a wait state within ${STEPS_WITHOUT_WAIT} steps, but there was none up to ${element.id}: look for a loop without a task, message or timer`,
    element.id,
  );
}

/** Ends the jobs and subscriptions that belong to the element instance; `only` restricts them by the element they act for. */
export function closeOwned({ run, state, instance }: Place, only?: (element: number) => boolean): void {
  const owner = instance.id;
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
