import { contextAt } from '../behaviors/evaluation.ts';
import { definitionAt } from '../behaviors/event-definitions-of.ts';
import { Failure } from '../failure.ts';
import { elementInstance } from '../instance-tree.ts';
import type { Element, TimerDefinition } from '../model.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun, elementAt, emit } from '../run.ts';
import type { JobState } from '../state.ts';
import { findJob } from './find.ts';

export type SetJobDueDateInput = { jobId: number } & (
  | { dueAt: number }
  /** A timer's expression is evaluated again, as if the timer had begun now or when its activity did. */
  | { recalculate: 'from-now' | 'from-creation' }
);

/** Moves a job to another time. @throws Failure `JOB_NOT_FOUND`, `JOB_NOT_A_TIMER`, or what the timer's expression fails with */
export function setJobDueDate(
  input: SetJobDueDateInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; dueAt: number }> {
  const run = createRun(root, ports, actor);
  const { state, found: job } = findJob(root, input.jobId);
  let dueAt: number;
  if ('dueAt' in input) dueAt = input.dueAt;
  else {
    const instance = elementInstance(state, job.owner);
    const element = elementAt(ports.model(state.definitionId), job.element);
    const context = contextAt({ run, state, instance }, element);
    dueAt = ports.timer(timerOf(element, job), context, input.recalculate === 'from-creation' ? instance.startedAt : ports.now).dueAt;
  }
  if (dueAt !== job.dueAt) emit(run, state, { instance: state.id, type: 'JobDueDateSet', job: job.id, dueAt });
  return { events: run.events, result: { instanceId: state.id, dueAt } };
}

function timerOf(element: Element, { kind, definition, listener }: JobState): TimerDefinition {
  const own = definitionAt(element, definition);
  const ofListener = listener !== undefined && element.type === 'bpmn:UserTask' ? element.taskListeners?.[listener]?.timer : undefined;
  const timer = ofListener ?? (own?.type === 'timer' ? own : undefined);
  if (kind === 'timer' && timer) return timer;
  throw new Failure('JOB_NOT_A_TIMER', `Expected a timer job at ${element.id}, but it is ${kind}`, element.id);
}
