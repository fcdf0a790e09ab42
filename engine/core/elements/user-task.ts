import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { contextOf, evaluate, evaluateInteger, evaluateText, textOf } from '../behaviors/evaluation.ts';
import { runCreateListeners, startTimeouts } from '../behaviors/task-listeners.ts';
import type { Expression, UserTask } from '../model.ts';
import type { EvaluationContext } from '../ports.ts';
import { emit, type Run } from '../run.ts';
import type { TaskState } from '../state.ts';

const DEFAULT_PRIORITY = 50;

/** Waits for `completeTask`. Camunda's task attributes are evaluated once, when the task is created. */
export const userTask: ElementBehavior<UserTask> = {
  execute(token) {
    const { run, state, element, instance } = token;
    const task = newTask(run, element, contextOf(token));
    emit(run, state, { instance: state.id, type: 'UserTaskCreated', id: instance.id, element: element.index, task });
    if (!element.taskListeners) return;
    startTimeouts(token);
    runCreateListeners(token);
  },
};

function newTask(run: Run, element: UserTask, context: EvaluationContext): TaskState {
  const { ports } = run;
  const time = (expression: Expression | undefined) => (expression ? ports.dueDate(evaluate(run, expression, context), ports.now) : null);
  const names = (expressions: Expression[]) => [
    ...new Set(expressions.flatMap((expression) => listOf(evaluate(run, expression, context)))),
  ];
  return {
    name: element.nameExpression ? evaluateText(run, element.nameExpression, context) : (element.name ?? null),
    description: evaluateText(run, element.description, context),
    assignee: evaluateText(run, element.assignee, context) || null,
    owner: null,
    candidateUsers: names(element.candidateUsers),
    candidateGroups: names(element.candidateGroups),
    priority: evaluateInteger(run, element.priority, context, { fallback: DEFAULT_PRIORITY, what: 'the task priority' }),
    dueAt: time(element.dueDate),
    followUpAt: time(element.followUpDate),
    formKey: evaluateText(run, element.formKey, context),
    ...(element.formRef && { formRef: formRefOf(run, element.formRef, context) }),
  };
}

function formRefOf(
  run: Run,
  { key, binding }: NonNullable<UserTask['formRef']>,
  context: EvaluationContext,
): NonNullable<TaskState['formRef']> {
  return {
    key: evaluateText(run, key, context) ?? '',
    binding: binding.kind,
    ...(binding.kind === 'version' && {
      version: evaluateInteger(run, binding.version, context, { fallback: 1, what: 'the form version' }),
    }),
  };
}

/** Candidates are written as a comma list or come as a list from an expression. */
function listOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const parts = Array.isArray(value) ? value.map(textOf) : textOf(value).split(',');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
