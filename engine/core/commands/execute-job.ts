import { completeElement, leaveElement } from '../behaviors/complete-element.ts';
import { NO_PAYLOAD } from '../behaviors/element-behavior.ts';
import { resolveIncidents } from '../behaviors/incidents.ts';
import { triesOf } from '../behaviors/jobs.ts';
import { startItems } from '../behaviors/multi-instance.ts';
import { runTimeoutListener } from '../behaviors/task-listeners.ts';
import { runToWaitStates } from '../execute.ts';
import { elementInstance, isLooped, isMultiInstanceItem } from '../instance-tree.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, emit, type Run, schedule, STEPS_OF_LONG_PATH, STEPS_PER_SMALL_COMMAND, tokenOf, elementAt } from '../run.ts';
import type { InstanceState, JobKind, JobState } from '../state.ts';
import { findJob, notSuspended } from './find.ts';
import { receiveEvent, triggerEvent } from '../receive-event.ts';

/**
 * Does what a due job stands for. For `send-message` the caller has delivered `job.message` before.
 * When it throws, the caller drops `root`, loads it again and runs `failJob`.
 * @throws Failure `JOB_NOT_FOUND`, `INSTANCE_SUSPENDED`, or what the elements fail with
 */
export function executeJob(
  { jobId }: { jobId: number },
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const run = createRun(root, ports, actor);
  const { state, found: job } = findJob(root, jobId);
  notSuspended(state);
  run.stepsBefore = Math.max(run.stepsBefore, job.steps ?? 0);
  // The items of a large loop begin in batches; that is no long path.
  if (job.kind !== 'loop' && run.stepsBefore > STEPS_OF_LONG_PATH) run.stepsAllowed = STEPS_PER_SMALL_COMMAND;
  resolveIncidents(run, state, jobId);
  executors[job.kind](run, state, job);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId: state.id, ended: state.status === 'ended' } };
}

const executors: Record<JobKind, (run: Run, state: InstanceState, job: JobState) => void> = {
  timer(run, state, job) {
    if (job.repeat && job.repeat.left !== 0) reschedule(run, state, job, job.repeat);
    else executed(run, state, job);
    if (job.listener !== undefined) runTimeoutListener({ run, state, instance: elementInstance(state, job.owner) }, job);
    else triggerEvent(run, state, job, NO_PAYLOAD);
  },
  'async-before'(run, state, job) {
    executed(run, state, job);
    const instance = elementInstance(state, job.owner);
    const token = tokenOf(run, state, instance);
    const isBody = isLooped(token.element) && !isMultiInstanceItem(state, instance);
    emit(run, state, { instance: state.id, type: 'ElementContinued', id: instance.id, phase: isBody ? 'body' : 'active' });
    schedule(token);
  },
  'async-after'(run, state, job) {
    executed(run, state, job);
    leaveElement(tokenOf(run, state, elementInstance(state, job.owner)));
  },
  loop(run, state, job) {
    executed(run, state, job);
    startItems(tokenOf(run, state, elementInstance(state, job.owner)));
  },
  'send-message'(run, state, job) {
    executed(run, state, job);
    emit(run, state, { instance: state.id, type: 'MessageThrown', element: job.element, name: job.message?.name ?? '' });
    // A multiple event is done when its last message is delivered.
    if (state.jobs.some(({ kind, owner }) => kind === 'send-message' && owner === job.owner)) return;
    completeElement(tokenOf(run, state, elementInstance(state, job.owner)));
  },
  'deliver-signal'(run, state, job) {
    executed(run, state, job);
    const subscription = state.subscriptions.find(({ id }) => id === job.signal?.subscription);
    if (subscription) receiveEvent(run, state, subscription, { variables: job.signal?.variables ?? {}, localVariables: {} });
  },
};

function executed(run: Run, state: InstanceState, job: JobState): void {
  emit(run, state, { instance: state.id, type: 'JobExecuted', job: job.id });
}

/** The same job, due again, with all its tries. */
function reschedule(run: Run, state: InstanceState, job: JobState, { left, cycle }: NonNullable<JobState['repeat']>): void {
  const dueAt = run.ports.nextCycle(cycle, job.dueAt, run.ports.now);
  emit(run, state, { instance: state.id, type: 'JobRescheduled', job: job.id, dueAt, repeatLeft: left < 0 ? left : left - 1 });
  const retries = triesOf(elementAt(run.ports.model(state.definitionId), job.element));
  if (job.retries !== retries) emit(run, state, { instance: state.id, type: 'JobRetriesSet', job: job.id, retries, dueAt });
}
