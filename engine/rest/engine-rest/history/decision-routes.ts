import type { DecisionRecord } from '#engine/core/events.ts';
import type { TypedValue } from '#engine/core/values.ts';
import { placeOf } from '#engine/history/log.ts';
import { notFound } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { decisionById, type DecisionRow, type DefinitionRow } from '#engine/store/definition-store.ts';
import { historicDecisionList } from '#engine/store/read-models/history-decision-list.ts';
import { listRows } from '#engine/store/read-models/filtered-list.ts';
import type { Row } from '#engine/store/unit-of-work.ts';
import type { FilterKinds } from '../list-parameters.ts';
import { listRoutes } from '../list-routes.ts';
import { toWireValue } from '../variable-values.ts';
import { wireId, wireTenant, wireText, wireTime } from '../wire-format.ts';
import { keptAt } from './kept-at.ts';

const PATH = '/engine-rest/history/decision-instance';
const kinds: FilterKinds = {
  processInstanceId: 'id',
  processDefinitionId: 'id',
  processDefinitionKey: 'text',
  activityIdIn: 'texts',
  activityInstanceIdIn: 'ids',
  decisionDefinitionId: 'id',
  decisionDefinitionIdIn: 'ids',
  decisionDefinitionKey: 'text',
  decisionDefinitionKeyIn: 'texts',
  decisionDefinitionName: 'text',
  decisionDefinitionNameLike: 'text',
  evaluatedBefore: 'time',
  evaluatedAfter: 'time',
  rootDecisionInstancesOnly: 'flag',
  tenantIdIn: 'texts',
  withoutTenantId: 'flag',
};
const FLAG = { enum: ['true', 'false'] };
const SHOWN = { includeInputs: FLAG, includeOutputs: FLAG, disableBinaryFetching: FLAG, disableCustomObjectDeserialization: FLAG };

export function historicDecisionRoutes(context: RouteContext): Route[] {
  const decisions = new Map<number, DecisionRow | null>();
  async function decision(id: number): Promise<DecisionRow | null> {
    let known = decisions.get(id);
    if (known === undefined) {
      known = await context.store.query(decisionById(id));
      if (decisions.size > 10_000) decisions.clear();
      decisions.set(id, known);
    }
    return known;
  }
  const presentAll = async (rows: Row[], query: Record<string, string | undefined>) => {
    const definitions = await context.definitionsOf(rows.map((row) => Number(row.definition_id)));
    return Promise.all(rows.map(async (row) => present(row, { process: definitions.get(Number(row.definition_id)), decision: await decision(Number(row.decision_id)), query })));
  };
  return [
    ...listRoutes(context, {
      id: 'history.decision-instance',
      path: PATH,
      kinds,
      model: historicDecisionList,
      byPost: false,
      always: keptAt(context, 'full'),
      extraQuery: SHOWN,
      present: (rows, _, query) => presentAll(rows, query),
    }),
    route({
      id: 'history.decision-instance.get',
      method: 'GET',
      path: `${PATH}/:id`,
      summary: 'One evaluation of a decision.',
      query: { type: 'object', additionalProperties: false, properties: SHOWN },
      async handler({ principal, params, query }) {
        const place = placeOf(params['id'] ?? '');
        const filter = { place: place ? [place.instance, place.seq, place.index] : [], ...keptAt(context, 'full') };
        const rows = place ? await context.store.query(listRows(historicDecisionList, { scope: scopeOf(principal), filter, sort: [], offset: 0, limit: 1 })) : [];
        if (rows.length === 0) throw notFound('decision instance', (params['id'] ?? '').slice(0, 60));
        const [body] = await presentAll(rows, query);
        return { body };
      },
    }),
  ];
}

interface Surroundings {
  process: DefinitionRow | undefined;
  decision: DecisionRow | null;
  query: Record<string, string | undefined>;
}

/** Camunda's HistoricDecisionInstanceDto. Clauses are known by their names only. */
function present(row: Row, { process, decision, query }: Surroundings) {
  const place = (part: number) => `${Number(row.instance_id)}:${Number(row.seq)}:${part}`;
  const id = place(Number(row.part));
  const record = JSON.parse(String(row.record)) as DecisionRecord;
  const shared = { decisionInstanceId: id, errorMessage: null, createTime: wireTime(row.evaluated_at), removalTime: null, rootProcessInstanceId: wireId(row.root_id) };
  const value = (typed: TypedValue) => toWireValue(typed, query['disableCustomObjectDeserialization'] !== 'true');
  const inputs = Object.entries(record.inputs).map(([name, typed], index) => ({ id: `${id}:i${index}`, clauseId: name, clauseName: name, ...shared, ...value(typed) }));
  const outputs = record.outputs.flatMap((output, order) =>
    Object.entries(output).map(([name, typed], index) => ({
      id: `${id}:o${order}-${index}`,
      clauseId: name,
      clauseName: name,
      ruleId: record.rules[order] ?? null,
      ruleOrder: order + 1,
      variableName: name,
      ...shared,
      ...value(typed),
    })),
  );
  return {
    id,
    decisionDefinitionId: wireId(row.decision_id),
    decisionDefinitionKey: wireText(row.decision_key),
    decisionDefinitionName: decision?.name ?? null,
    evaluationTime: wireTime(row.evaluated_at),
    removalTime: null,
    processDefinitionId: wireId(row.definition_id),
    processDefinitionKey: process?.key ?? null,
    processInstanceId: wireId(row.instance_id),
    caseDefinitionId: null,
    caseDefinitionKey: null,
    caseInstanceId: null,
    activityId: wireText(row.element),
    activityInstanceId: wireId(row.element_instance),
    tenantId: wireTenant(row.tenant),
    userId: null,
    inputs: query['includeInputs'] === 'true' ? inputs : [],
    outputs: query['includeOutputs'] === 'true' ? outputs : [],
    collectResultValue: null,
    rootDecisionInstanceId: Number(row.part) === 0 ? null : place(0),
    rootProcessInstanceId: wireId(row.root_id),
    decisionRequirementsDefinitionId: null,
    decisionRequirementsDefinitionKey: null,
  };
}
