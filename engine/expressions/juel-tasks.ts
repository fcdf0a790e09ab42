import type { TaskView, WritableTask } from '#engine/core/ports.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { readsOnly } from './juel-functions.ts';
import { toText } from './juel-operators.ts';
import { resultValue } from './plain-value.ts';

type Read = (scope: ExpressionScope) => unknown;
type Call = (scope: ExpressionScope, ...args: unknown[]) => unknown;

const ofTask =
  (read: (task: TaskView) => unknown): Read =>
  ({ context }) =>
    context.task ? read(context.task) : null;
const date = (at: number | null) => (at === null ? null : new Date(at));

/** Members of `task`, readable in every expression of a user task. */
export const taskProperties: Readonly<Record<string, Read>> = {
  id: ofTask(({ id }) => id),
  name: ofTask(({ name }) => name),
  description: ofTask(({ description }) => description),
  assignee: ofTask(({ assignee }) => assignee),
  owner: ofTask(({ owner }) => owner),
  priority: ofTask(({ priority }) => priority),
  dueDate: ofTask(({ dueAt }) => date(dueAt)),
  followUpDate: ofTask(({ followUpAt }) => date(followUpAt)),
  createTime: ofTask(({ createdAt }) => date(createdAt)),
  formKey: ofTask(({ formKey }) => formKey),
  eventName: ofTask(({ eventName }) => eventName),
  taskDefinitionKey: ofTask(({ taskDefinitionKey }) => taskDefinitionKey),
  executionId: ({ context }) => context.execution.id,
  processInstanceId: ({ context }) => context.execution.processInstanceId,
  processDefinitionId: ({ context }) => context.execution.processDefinitionId,
  tenantId: ({ context }) => context.execution.tenantId,
};

type Property = Parameters<WritableTask['set']>[0];

const setter =
  (method: string, property: Property): Call =>
  ({ context }, value) => {
    writable(context.task, method).set(property, resultValue(value));
    return null;
  };
const adder =
  (method: string, kind: 'candidateUsers' | 'candidateGroups'): Call =>
  ({ context }, names) => {
    writable(context.task, method).addCandidates(kind, namesOf(names));
    return null;
  };
const remover =
  (method: string, kind: 'candidateUsers' | 'candidateGroups'): Call =>
  ({ context }, name) => {
    writable(context.task, method).deleteCandidate(kind, toText(name));
    return null;
  };

/** What task listeners may do with their task: the setters of Camunda 7's `DelegateTask`. */
export const taskMethods: Readonly<Record<string, Call>> = {
  setName: setter('setName', 'name'),
  setDescription: setter('setDescription', 'description'),
  setAssignee: setter('setAssignee', 'assignee'),
  setOwner: setter('setOwner', 'owner'),
  setPriority: setter('setPriority', 'priority'),
  setDueDate: setter('setDueDate', 'dueDate'),
  setFollowUpDate: setter('setFollowUpDate', 'followUpDate'),
  addCandidateUser: adder('addCandidateUser', 'candidateUsers'),
  addCandidateUsers: adder('addCandidateUsers', 'candidateUsers'),
  addCandidateGroup: adder('addCandidateGroup', 'candidateGroups'),
  addCandidateGroups: adder('addCandidateGroups', 'candidateGroups'),
  deleteCandidateUser: remover('deleteCandidateUser', 'candidateUsers'),
  deleteCandidateGroup: remover('deleteCandidateGroup', 'candidateGroups'),
};

function writable(task: TaskView | undefined, method: string): WritableTask {
  if (!task?.change) throw readsOnly(method);
  return task.change;
}

const namesOf = (value: unknown) => (Array.isArray(value) ? value.map(toText) : [toText(value)]);

const ofExternalTask =
  (name: 'id' | 'topicName' | 'workerId' | 'retries' | 'priority' | 'errorMessage' | 'errorDetails'): Read =>
  ({ context }) =>
    context.externalTask?.[name] ?? null;

/** Members of `externalTask`, in the expressions of `camunda:errorEventDefinition`. */
export const externalTaskProperties: Readonly<Record<string, Read>> = {
  id: ofExternalTask('id'),
  topicName: ofExternalTask('topicName'),
  workerId: ofExternalTask('workerId'),
  retries: ofExternalTask('retries'),
  priority: ofExternalTask('priority'),
  errorMessage: ofExternalTask('errorMessage'),
  errorDetails: ofExternalTask('errorDetails'),
  activityId: ({ context }) => context.execution.currentActivityId,
  executionId: ({ context }) => context.execution.id,
  processInstanceId: ({ context }) => context.execution.processInstanceId,
  processDefinitionId: ({ context }) => context.execution.processDefinitionId,
  processDefinitionKey: ({ context }) => context.execution.processDefinitionKey,
  tenantId: ({ context }) => context.execution.tenantId,
  businessKey: ({ context }) => context.execution.processBusinessKey,
};
