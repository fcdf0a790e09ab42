import type { Catcher } from '../behaviors/element-behavior.ts';
import { contextOf } from '../behaviors/evaluation.ts';
import { isParallelMultiple } from '../behaviors/event-definitions-of.ts';
import { createJob } from '../behaviors/jobs.ts';
import { staysOpen } from '../behaviors/stays-open.ts';
import type { TimerDefinition } from '../model.ts';

/** Creates the timer job; only a non-interrupting event can be due more than once (a parallel multiple one starts all of its timers anew). */
export function startTimer(catcher: Catcher, timer: TimerDefinition, definition?: number): void {
  const { run, element } = catcher;
  const { dueAt, repeat } = run.ports.timer(timer, contextOf(catcher), run.ports.now);
  const mayRepeat = staysOpen(element) && !isParallelMultiple(element);
  createJob(catcher, element, {
    kind: 'timer',
    dueAt,
    ...(repeat && mayRepeat && { repeat }),
    ...(definition !== undefined && { definition }),
  });
}
