import { elementToBegin } from '#engine/core/ad-hoc-elements.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { ElementInstance } from '#engine/core/state.ts';
import { typed, type Variables } from '#engine/core/values.ts';
import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import { idOf } from '#engine/rest/engine-rest/wire-format.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { instanceById } from '#engine/store/read-models/instance-pages.ts';
import { instanceIn } from '#engine/store/read-models/visible-variables.ts';
import { activateBody, type ActivateBody } from './schema.ts';

/** Ad-hoc sub-processes: what may begin in them, and the requests that begin it or complete them. */
export function adHocRoutes(context: RouteContext): Route[] {
  const { store, engine, modelOf } = context;

  /** @throws RequestError 404 outside the caller's scope */
  async function visible(principal: Principal, text: string | undefined): Promise<number> {
    const id = idOf(text, 'instance');
    if (!(await store.query(instanceById(scopeOf(principal), id)))) throw notFound('instance', id);
    return id;
  }
  const where = async (principal: Principal, params: Record<string, string>) => ({
    instanceId: await visible(principal, params['id']),
    elementInstance: idOf(params['elementInstance'], 'element instance'),
  });

  return [
    route({
      id: 'api.instance.ad-hoc.list',
      method: 'GET',
      path: '/api/instances/:id/ad-hoc',
      summary: 'The active ad-hoc sub-processes of an instance, with the elements that may begin.',
      async handler({ principal, params }) {
        const root = await store.query(loadByInstance(await visible(principal, params['id'])));
        const state = root ? instanceIn(root) : null;
        if (!state) return { body: [] };
        const model = await modelOf(state.definitionId);
        return { body: state.elements.flatMap((instance) => adHocRow(model, instance, state.elements) ?? []) };
      },
    }),
    route<ActivateBody>({
      id: 'api.instance.ad-hoc.activate',
      method: 'POST',
      path: '/api/instances/:id/ad-hoc/:elementInstance/activate',
      summary: 'Begin activities of an ad-hoc sub-process, each with local variables of its own.',
      body: activateBody,
      async handler({ principal, params, body }) {
        const elements = body.elements.map(({ id, variables }) => ({ id, ...(variables && { variables: variablesOf(variables) }) }));
        const { activated } = await engine.runtime.activateAdHoc({ ...(await where(principal, params)), elements }, actorOf(principal));
        return { body: { activated: activated.map(String) } };
      },
    }),
    route({
      id: 'api.instance.ad-hoc.complete',
      method: 'POST',
      path: '/api/instances/:id/ad-hoc/:elementInstance/complete',
      summary: 'Complete an ad-hoc sub-process as its completion condition would.',
      async handler({ principal, params }) {
        await engine.runtime.completeAdHoc(await where(principal, params), actorOf(principal));
        return {};
      },
    }),
  ];
}

function adHocRow(model: ProcessModel, { id, element: index, phase, adHoc }: ElementInstance, all: readonly ElementInstance[]) {
  const element = model.elements[index];
  if (element?.type !== 'bpmn:AdHocSubProcess' || phase !== 'active') return null;
  const elements = element.children.flatMap((child) => {
    const inside = model.elements[child];
    if (!inside || elementToBegin(model, element, inside.id) === undefined) return [];
    return [{ id: inside.id, name: inside.name ?? null, type: inside.type }];
  });
  return {
    elementInstance: String(id),
    elementId: element.id,
    name: element.name ?? null,
    sequential: element.sequential,
    closing: adHoc?.closing ?? false,
    active: all.filter(({ scope }) => scope === id).length,
    elements,
  };
}

function variablesOf(plain: Record<string, unknown>): Variables {
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, typed(value)]));
}
