import type { Catcher } from '../behaviors/element-behavior.ts';
import { contextAt } from '../behaviors/evaluation.ts';
import { createJob } from '../behaviors/jobs.ts';
import { staysOpen } from '../behaviors/stays-open.ts';
import type { TimerDefinition } from '../model.ts';

/** Creates the timer job; only a non-interrupting event can be due more than once. */
export function startTimer({ run, state, element, owner }: Catcher, timer: TimerDefinition): void {
  const { dueAt, repeat } = run.ports.timer(timer, contextAt(run, state, owner, element), run.ports.now);
  createJob(run, state, element, owner, { kind: 'timer', dueAt, ...(repeat && staysOpen(element) && { repeat }) });
}
