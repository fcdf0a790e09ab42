import type { TaskListenerEvent, UserTask } from '../model.ts';
import { elementAt, type Place, type Token } from '../run.ts';
import type { JobState } from '../state.ts';
import { contextAt, contextOf } from './evaluation.ts';
import { createJob } from './jobs.ts';
import { runListener } from './listeners.ts';

/**
 * Runs the task listeners of one event; they may change the task and variables, which causes no further events.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/delegation-code/#task-listener-event-lifecycle
 */
export function runTaskListeners(place: Place, event: TaskListenerEvent): void {
  const task = listenedTask(place);
  if (!task) return;
  const context = contextAt(place, task, true, { name: event });
  for (const listener of task.taskListeners ?? []) {
    if (listener.event === event) runListener(place.run, listener.expression, context, task.id);
  }
}

/** `create`, and `assignment` when there is an assignee, be it from the model or from a `create` listener. */
export function runCreateListeners(token: Token<UserTask>): void {
  if (!token.element.taskListeners) return;
  runTaskListeners(token, 'create');
  if (token.instance.task?.assignee) runTaskListeners(token, 'assignment');
}

/** Starts the timers of the `timeout` listeners; they end with the task. */
export function startTimeouts(token: Token<UserTask>, isWanted: (listener: number) => boolean = () => true): void {
  const { run, element } = token;
  element.taskListeners?.forEach(({ timer }, listener) => {
    if (!timer || !isWanted(listener)) return;
    const { dueAt, repeat } = run.ports.timer(timer, contextOf(token), run.ports.now);
    createJob(token, element, { kind: 'timer', dueAt, listener, ...(repeat && { repeat }) });
  });
}

/** The timer of a `timeout` listener is due: the task itself stays as it is. */
export function runTimeoutListener(place: Place, job: JobState): void {
  const task = listenedTask(place);
  const listener = task?.taskListeners?.[job.listener ?? -1];
  if (task && listener) runListener(place.run, listener.expression, contextAt(place, task, true, { name: 'timeout' }), task.id);
}

function listenedTask({ run, state, instance }: Place): UserTask | null {
  const element = elementAt(run.ports.model(state.definitionId), instance.element);
  return element.type === 'bpmn:UserTask' && element.taskListeners && !run.skipListeners ? element : null;
}
