import type { InstanceState, TaskState } from '#engine/core/state.ts';
import type { Variables } from '#engine/core/values.ts';
import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { canSee } from '#engine/identity/scope.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Route } from '#engine/rest/route.ts';
import { loadByTask } from '#engine/store/instance-store.ts';
import { taskList } from '#engine/store/read-models/running-lists.ts';
import { instanceIn, variablesFrom } from '#engine/store/read-models/visible-variables.ts';
import { listRoutes, rowOf } from '../list-routes.ts';
import { toVariables, toWireVariables } from '../variable-values.ts';
import { idOf } from '../wire-format.ts';
import { presentIdentityLinks, presentTask } from './presenter.ts';
import {
  completeBody,
  errorBody,
  escalationBody,
  taskFilters,
  userBody,
  variablesQuery,
  type CompleteBody,
  type ErrorBody,
  type EscalationBody,
  type UserBody,
} from './schema.ts';

/** A task that is not there is Camunda's `NullValueException`, 500. */
const GONE = { 404: 500 } as const;

export function taskRoutes(context: RouteContext): Route[] {
  const { engine, store } = context;

  async function open(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, 'task');
    await context.requireVisible(principal, 'task', id);
    return id;
  }

  async function loaded(principal: Principal, text: string | undefined): Promise<{ id: number; state: InstanceState; task: TaskState }> {
    const id = idOf(text, 'task');
    const root = await store.query(loadByTask(id));
    const state = root ? instanceIn(root) : null;
    const task = state?.elements.find((element) => element.id === id)?.task;
    if (!state || !task || !canSee(principal, state)) throw notFound('task', id);
    return { id, state, task };
  }

  async function complete(principal: Principal, text: string | undefined, body: CompleteBody): Promise<Reply> {
    const id = await open(principal, text);
    const { variables } = await engine.tasks.complete(id, toVariables(body.variables), actorOf(principal));
    return body.withVariablesInReturn ? { body: toWireVariables(variables) } : {};
  }

  return [
    ...listRoutes(context, {
      id: 'task',
      path: '/engine-rest/task',
      kinds: taskFilters,
      model: taskList,
      present: (rows) => rows.map(presentTask),
      byPost: true,
    }),
    route({
      id: 'task.get',
      method: 'GET',
      path: '/engine-rest/task/:id',
      summary: 'One task.',
      handler: async ({ principal, params }) => ({
        body: presentTask(await rowOf(context, taskList, 'taskId', idOf(params['id'], 'task'), principal, 'task')),
      }),
    }),
    route<UserBody>({
      id: 'task.claim',
      method: 'POST',
      path: '/engine-rest/task/:id/claim',
      summary: 'Claim for a user.',
      body: userBody,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        const id = await open(principal, params['id']);
        if (body.userId === null) await engine.tasks.unclaim(id, actorOf(principal));
        else await engine.tasks.claim(id, body.userId, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'task.unclaim',
      method: 'POST',
      path: '/engine-rest/task/:id/unclaim',
      summary: 'Give back.',
      camundaStatus: GONE,
      async handler({ principal, params }) {
        await engine.tasks.unclaim(await open(principal, params['id']), actorOf(principal));
        return {};
      },
    }),
    route<UserBody>({
      id: 'task.assignee',
      method: 'POST',
      path: '/engine-rest/task/:id/assignee',
      summary: 'Assign to a user, whoever has it.',
      body: userBody,
      camundaStatus: GONE,
      async handler({ principal, params, body }) {
        await engine.tasks.assign(await open(principal, params['id']), body.userId, actorOf(principal));
        return {};
      },
    }),
    route<CompleteBody>({
      id: 'task.complete',
      method: 'POST',
      path: '/engine-rest/task/:id/complete',
      summary: 'Complete with variables.',
      body: completeBody,
      camundaStatus: GONE,
      handler: ({ principal, params, body }) => complete(principal, params['id'], body),
    }),
    route<CompleteBody>({
      id: 'task.submit-form',
      method: 'POST',
      path: '/engine-rest/task/:id/submit-form',
      summary: 'Complete with form values.',
      body: completeBody,
      camundaStatus: GONE,
      handler: ({ principal, params, body }) => complete(principal, params['id'], body),
    }),
    route<ErrorBody>({
      id: 'task.bpmn-error',
      method: 'POST',
      path: '/engine-rest/task/:id/bpmnError',
      summary: 'End with a BPMN error.',
      body: errorBody,
      async handler({ principal, params, body }) {
        const error = { code: body.errorCode, message: body.errorMessage ?? null, variables: toVariables(body.variables) };
        await engine.tasks.bpmnError(await open(principal, params['id']), error, actorOf(principal));
        return {};
      },
    }),
    route<EscalationBody>({
      id: 'task.bpmn-escalation',
      method: 'POST',
      path: '/engine-rest/task/:id/bpmnEscalation',
      summary: 'Throw an escalation; the task stays open unless the catcher interrupts it.',
      body: escalationBody,
      async handler({ principal, params, body }) {
        const escalation = { code: body.escalationCode, variables: toVariables(body.variables) };
        await engine.tasks.bpmnEscalation(await open(principal, params['id']), escalation, actorOf(principal));
        return {};
      },
    }),
    route({
      id: 'task.form-variables',
      method: 'GET',
      path: '/engine-rest/task/:id/form-variables',
      summary: 'Variables for the form.',
      query: variablesQuery,
      async handler({ principal, params, query }) {
        const { id, state } = await loaded(principal, params['id']);
        return { body: toWireVariables(only(variablesFrom(state, id), query['variableNames']), query['deserializeValues'] !== 'false') };
      },
    }),
    route({
      id: 'task.variables',
      method: 'GET',
      path: '/engine-rest/task/:id/variables',
      summary: 'Variables that the task sees.',
      query: variablesQuery,
      camundaStatus: GONE,
      async handler({ principal, params, query }) {
        const { id, state } = await loaded(principal, params['id']);
        return { body: toWireVariables(only(variablesFrom(state, id), query['variableNames']), query['deserializeValues'] !== 'false') };
      },
    }),
    route({
      id: 'task.identity-links',
      method: 'GET',
      path: '/engine-rest/task/:id/identity-links',
      summary: 'Assignee and candidates.',
      query: { type: 'object', additionalProperties: false, properties: { type: { type: 'string', maxLength: 60 } } },
      async handler({ principal, params, query }) {
        const links = presentIdentityLinks((await loaded(principal, params['id'])).task);
        return { body: query['type'] === undefined ? links : links.filter(({ type }) => type === query['type']) };
      },
    }),
  ];
}

function only(variables: Variables, names: string | undefined): Variables {
  if (names === undefined) return variables;
  const wanted = new Set(names.split(','));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => wanted.has(name)));
}
