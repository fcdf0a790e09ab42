import { permissionsFrom } from '#forms/runtime/permissions.ts';
import type { InstanceState } from '#engine/core/state.ts';
import { conflict, RequestError } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { elderCard } from '#engine/registers/elders.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { messageText } from '#engine/rest/messages/message-text.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { loadByTask } from '#engine/store/instance-store.ts';
import { taskCounts, taskQueue, tasksOfInstances, type TaskViewer } from '#engine/store/read-models/task-queues.ts';
import { instanceIn, variablesFrom } from '#engine/store/read-models/visible-variables.ts';
import { acceptedVariables, openForm, viewOf } from '../forms/form-data.ts';
import { canClaim, isCandidate, isProviderOnly, openTask, refuseOldRevision, type OpenTask } from './open-task.ts';
import { claimBody, completeBody, listQuery, type ClaimBody, type CompleteBody, type ListQuery } from './schema.ts';
import { taskCards, type TaskCard } from './task-cards.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const NEXT_AMONG = 50;

/** What people do with their tasks in the console. */
export function apiTaskRoutes(context: RouteContext): Route[] {
  const { store, engine } = context;
  const viewerOf = (principal: Principal): TaskViewer => ({
    scope: scopeOf(principal),
    userId: principal.id,
    groups: principal.groups,
    now: store.clock.now(),
  });

  async function cardOf(principal: Principal, id: string | undefined): Promise<TaskCard | null> {
    const [card] = await taskCards(context, [(await openTask(context, principal, id)).row], principal);
    return card ?? null;
  }

  return [
    route<unknown, ListQuery>({
      id: 'api.task.list',
      method: 'GET',
      path: '/api/tasks',
      summary: 'One page of a queue: newest first, the due queues by due time.',
      query: listQuery,
      async handler({ principal, query }) {
        // A service organisation's "all" is what is offered to it.
        const wanted = query.queue ?? 'mine';
        const queue = wanted === 'all' && isProviderOnly(principal) ? 'group' : wanted;
        const limit = Math.min(Number(query.limit ?? DEFAULT_LIMIT) || DEFAULT_LIMIT, MAX_LIMIT);
        const page = await store.query(
          taskQueue({ ...viewerOf(principal), queue, limit, cursor: query.cursor ?? null, search: query.search ?? null }),
        );
        return { body: { items: await taskCards(context, page.items, principal), nextCursor: page.nextCursor } };
      },
    }),
    route({
      id: 'api.task.counts',
      method: 'GET',
      path: '/api/tasks/counts',
      summary: 'How many tasks each queue has; larger numbers stop at 1000.',
      handler: async ({ principal }) => ({ body: await store.query(taskCounts(viewerOf(principal))) }),
    }),
    route({
      id: 'api.task.get',
      method: 'GET',
      path: '/api/tasks/:id',
      summary: 'A task with its form, the data and access of this person, and the elder.',
      async handler({ principal, params, locale }) {
        const open = await openTask(context, principal, params['id']);
        const [card] = await taskCards(context, [open.row], principal);
        return { body: { ...card, ...(await detailOf(context, open, principal, locale)) } };
      },
    }),
    route<ClaimBody>({
      id: 'api.task.claim',
      method: 'POST',
      path: '/api/tasks/:id/claim',
      summary: 'Take a task that is offered to the caller.',
      body: claimBody,
      async handler({ principal, params, body }) {
        const open = await openTask(context, principal, params['id']);
        if (open.task.assignee !== null && open.task.assignee !== principal.id)
          throw conflict('TASK_ALREADY_CLAIMED', `Expected task ${open.id} to be free, but ${open.task.assignee} has it`, {
            assignee: open.task.assignee,
          });
        if (open.task.assignee === null) {
          if (!canClaim(principal, open.task)) throw notAllowedToClaim(open);
          refuseOldRevision(open, body.rev);
          await engine.tasks.claim(open.id, principal.id, actorOf(principal));
        }
        return { body: await cardOf(principal, params['id']) };
      },
    }),
    route<ClaimBody>({
      id: 'api.task.unclaim',
      method: 'POST',
      path: '/api/tasks/:id/unclaim',
      summary: 'Give a task back to its group.',
      body: claimBody,
      async handler({ principal, params, body }) {
        const open = await openTask(context, principal, params['id']);
        requireOwn(open, principal);
        refuseOldRevision(open, body.rev);
        await engine.tasks.unclaim(open.id, actorOf(principal), principal.id);
        return { body: await cardOf(principal, params['id']) };
      },
    }),
    route<CompleteBody>({
      id: 'api.task.complete',
      method: 'POST',
      path: '/api/tasks/:id/complete',
      summary: 'Submit the form and complete; answers with the next task of the case for the caller.',
      body: completeBody,
      async handler({ principal, params, body, locale }) {
        const open = await openTask(context, principal, params['id']);
        requireOwn(open, principal);
        refuseOldRevision(open, body.rev);
        const form = await openForm(context, open.task.formKey, principal.tenant);
        const previous = variablesFrom(open.state, open.id);
        const variables = acceptedVariables(form, body.data, previous, permissionsFrom(open.element.properties), { locale });
        await engine.tasks.complete(open.id, variables, actorOf(principal), principal.id);
        return { body: { next: await nextTask(context, open, principal) } };
      },
    }),
  ];
}

async function detailOf(context: RouteContext, open: OpenTask, principal: Principal, locale: 'zh-CN' | 'en') {
  const { store, identity } = context;
  const { task, state, id } = open;
  const variables = variablesFrom(state, id);
  const names = await identity.names(principal.tenant);
  // A form that was never deployed hides nothing of the task but its fields.
  const form = await openForm(context, task.formKey, principal.tenant).catch(formMissing);
  const elderId = variables['elderId']?.value;
  const viewer = { roles: principal.roles, now: store.clock.now(), locale };
  return {
    description: task.description,
    candidates: [
      ...task.candidateGroups.map((group) => ({ group, name: messageText(locale, `group.${group}`) ?? group })),
      ...task.candidateUsers.map((user) => ({ user, name: names.get(user) ?? user })),
    ],
    canClaim: canClaim(principal, task),
    canComplete: task.assignee === principal.id && (form !== null || !task.formKey),
    ...viewOf(form, variables, open.element.properties),
    elderCard: typeof elderId === 'string' ? await store.query(elderCard(scopeOf(principal), elderId, viewer)) : null,
  };
}

function formMissing(error: unknown): null {
  if (error instanceof RequestError && error.code === 'FORM_NOT_FOUND') return null;
  throw error;
}

/** The oldest task of the same case that is the caller's or may be claimed by them; of a large loop the first ones are looked at. */
async function nextTask(context: RouteContext, { state }: OpenTask, principal: Principal): Promise<TaskCard | null> {
  const { store } = context;
  let after: InstanceState | null = null;
  const taskIn = (id: number) => after?.elements.find((element) => element.id === id)?.task;
  for (const row of await store.query(tasksOfInstances(scopeOf(principal), [state.id], NEXT_AMONG))) {
    if (!taskIn(row.id)) {
      const root = await store.query(loadByTask(row.id));
      after = root && instanceIn(root);
    }
    const task = taskIn(row.id);
    if (task && (task.assignee === principal.id || (task.assignee === null && isCandidate(principal, task))))
      return (await taskCards(context, [row], principal))[0] ?? null;
  }
  return null;
}

/** @throws RequestError 409 unless the caller has the task. */
function requireOwn({ task, id }: OpenTask, principal: Principal): void {
  if (task.assignee === principal.id) return;
  const code = task.assignee === null ? 'TASK_NOT_YOURS' : 'TASK_ALREADY_CLAIMED';
  throw conflict(code, `Expected task ${id} to be assigned to ${principal.id}, but it is not`, { taskId: String(id) });
}

function notAllowedToClaim({ id }: OpenTask): RequestError {
  return new RequestError(403, 'TASK_NOT_CLAIMABLE', `Expected the caller to be a candidate of task ${id}, but they are not`);
}
