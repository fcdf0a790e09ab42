import { typed } from '#engine/core/values.ts';
import { notFound } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { seesDefinition, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Request, type Route } from '#engine/rest/route.ts';
import { decisionById, findDecision, resourceContent, SHARED, type DecisionRow } from '#engine/store/definition-store.ts';
import { decisionDefinitionList } from '#engine/store/read-models/decision-definition-list.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes } from '../list-routes.ts';
import { toVariables, toWireVariables, wireVariablesSchema, type WireVariables } from '../variable-values.ts';
import { idOf, wireId, wireTenant, wireText } from '../wire-format.ts';

const PATH = '/engine-rest/decision-definition';
const WHAT = 'decision definition';
const kinds: FilterKinds = {
  decisionDefinitionId: 'id',
  decisionDefinitionIdIn: 'ids',
  name: 'text',
  nameLike: 'text',
  deploymentId: 'id',
  key: 'text',
  keyLike: 'text',
  version: 'number',
  latestVersion: 'flag',
  resourceName: 'text',
  resourceNameLike: 'text',
  versionTag: 'text',
  versionTagLike: 'text',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
  includeDecisionDefinitionsWithoutTenantId: 'flag',
};
/** The ways in which Camunda names a decision; `suffix` is that of the route's id. */
const WAYS = [
  { suffix: '', path: '/:id' },
  { suffix: '-by-key', path: '/key/:key' },
  { suffix: '-by-key-and-tenant', path: '/key/:key/tenant-id/:tenant' },
];
interface EvaluateBody {
  variables?: WireVariables | null;
}

export function decisionDefinitionRoutes(context: RouteContext): Route[] {
  const { store, engine } = context;

  /** By key: the district's own newest version, else the shared one. @throws RequestError 404 */
  async function named(principal: Principal, { id, key, tenant }: Record<string, string>): Promise<DecisionRow> {
    if (tenant !== undefined && tenant !== principal.tenant) throw notFound(WHAT, (key ?? '').slice(0, 60));
    const row = key === undefined ? await store.query(decisionById(idOf(id, WHAT))) : await store.query(findDecision(key, principal.tenant));
    if (!row || !seesDefinition(principal, row)) throw notFound(WHAT, (key ?? id ?? '').slice(0, 60));
    return row;
  }

  async function evaluate({ principal, params, body }: Request<EvaluateBody>) {
    const row = await named(principal, params);
    const { results } = await engine.decisions.evaluate(row, toVariables(body.variables), principal.id);
    return { body: results.map((result) => toWireVariables(Object.fromEntries(Object.entries(result).map(([name, value]) => [name, typed(value)])))) };
  }

  return [
    ...listRoutes(context, { id: 'decision-definition', path: PATH, kinds, model: decisionDefinitionList, byPost: false, present: (rows) => rows.map((row) => present(ofRow(row))) }),
    ...WAYS.flatMap(({ suffix, path }) => [
      route({
        id: `decision-definition.get${suffix}`,
        method: 'GET',
        path: `${PATH}${path}`,
        summary: 'One decision.',
        handler: async ({ principal, params }) => ({ body: present(await named(principal, params)) }),
      }),
      route({
        id: `decision-definition.xml${suffix}`,
        method: 'GET',
        path: `${PATH}${path}/xml`,
        summary: 'Its DMN.',
        async handler({ principal, params }) {
          const { id, deploymentId, resource } = await named(principal, params);
          const content = await store.query(resourceContent(deploymentId, resource));
          if (!content) throw notFound(WHAT, id);
          return { body: { id: String(id), dmnXml: Buffer.from(content).toString('utf8') } };
        },
      }),
      route<EvaluateBody>({
        id: `decision-definition.evaluate${suffix}`,
        method: 'POST',
        path: `${PATH}${path}/evaluate`,
        summary: 'Evaluate a decision outside of any process; it leaves no history.',
        body: { type: 'object', additionalProperties: false, properties: { variables: wireVariablesSchema } },
        audited: false,
        handler: evaluate,
      }),
    ]),
  ];
}

function ofRow(row: Row): Pick<DecisionRow, 'id' | 'key' | 'version' | 'versionTag' | 'name' | 'tenant' | 'deploymentId' | 'resource'> {
  return {
    id: Number(row.id),
    key: String(row.decision_key),
    version: Number(row.version),
    versionTag: wireText(row.version_tag),
    name: wireText(row.name),
    tenant: String(row.tenant ?? SHARED),
    deploymentId: Number(row.deployment_id),
    resource: String(row.resource),
  };
}

/** Camunda's DecisionDefinitionDto. */
function present({ id, key, version, versionTag, name, tenant, deploymentId, resource }: ReturnType<typeof ofRow>) {
  return {
    id: String(id),
    key,
    category: null,
    name,
    version,
    resource,
    deploymentId: wireId(deploymentId),
    tenantId: wireTenant(tenant),
    decisionRequirementsDefinitionId: null,
    decisionRequirementsDefinitionKey: null,
    historyTimeToLive: null,
    versionTag,
  };
}
