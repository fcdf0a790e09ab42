import { invalidInput } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { isBelow } from '#engine/identity/scope.ts';
import { actorOf, idempotencyKeyOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Reply, type Request, type Route } from '#engine/rest/route.ts';
import type { DefinitionInfo } from '#engine/services/contract.ts';
import { definitionList } from '#engine/store/read-models/definition-lists.ts';
import { listRoutes } from '../list-routes.ts';
import { toStartInstructions } from '../modification/instructions.ts';
import { toVariables } from '../variable-values.ts';
import { processDefinitionControlRoutes } from './control-routes.ts';
import { namedDefinition, WAYS } from './named-definition.ts';
import { definitionOfRow, presentDefinition, presentStarted } from './presenter.ts';
import { definitionFilters, startBody, type StartBody } from './schema.ts';

const PATH = '/engine-rest/process-definition';

export function processDefinitionRoutes(context: RouteContext): Route[] {
  const { engine, modelOf } = context;
  const present = async (info: DefinitionInfo) => presentDefinition(info, await modelOf(info.id));

  const named = (request: Request<unknown>) => namedDefinition(context, request);

  async function start(request: Request<StartBody>): Promise<Reply> {
    const { principal, body, koa } = request;
    const info = await named(request as Request<unknown>);
    const instance = await engine.runtime.start({
      definition: { id: info.id },
      tenant: principal.tenant,
      area: areaOf(principal, koa.req.headers['x-songbai-area']),
      businessKey: body.businessKey ?? null,
      variables: toVariables(body.variables),
      instructions: toStartInstructions(body.startInstructions),
      skipListeners: body.skipCustomListeners === true,
      skipIoMappings: body.skipIoMappings === true,
      actor: actorOf(principal),
      idempotencyKey: idempotencyKeyOf(koa.req),
    });
    return {
      body: presentStarted(instance, context.originFor(koa), body.withVariablesInReturn === true),
      audit: `instance ${instance.id}`,
    };
  }

  const perWay = WAYS.flatMap(({ suffix, path }) => [
    route({
      id: `process-definition.get${suffix}`,
      method: 'GET',
      path: `${PATH}${path}`,
      summary: 'One definition.',
      handler: async (request) => ({ body: await present(await named(request)) }),
    }),
    route({
      id: `process-definition.xml${suffix}`,
      method: 'GET',
      path: `${PATH}${path}/xml`,
      summary: 'Its BPMN.',
      async handler(request) {
        const { id } = await named(request);
        return { body: { id: String(id), bpmn20Xml: await engine.repository.xml(id) } };
      },
    }),
    route<StartBody>({
      id: `process-definition.start${suffix}`,
      method: 'POST',
      path: `${PATH}${path}/start`,
      summary: 'Start an instance. `Idempotency-Key`: the same key starts once. `X-Songbai-Area`: area path of the instance.',
      body: startBody,
      handler: start,
    }),
  ]);

  return [
    ...listRoutes(context, {
      id: 'process-definition',
      path: PATH,
      kinds: definitionFilters,
      model: definitionList,
      byPost: false,
      present: (rows) => Promise.all(rows.map((row) => present(definitionOfRow(row)))),
    }),
    ...perWay,
    ...processDefinitionControlRoutes(context),
  ];
}

/** The area a new instance belongs to: what the header says, if the caller may act there, else the caller's first. */
export function areaOf(principal: Principal, header: string | string[] | undefined): string {
  const own = principal.areas[0] ?? principal.tenant;
  if (header === undefined) return own;
  if (typeof header === 'string' && /^[0-9]+(\/[0-9]+)*$/.test(header) && principal.areas.some((area) => isBelow(header, area)))
    return header;
  throw invalidInput('QUERY_INVALID', 'Expected X-Songbai-Area to be an area path of the caller, but it is not', {
    problem: 'X-Songbai-Area',
  });
}
