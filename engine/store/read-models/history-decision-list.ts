import { byDefinitionKey, compares, equals, flag, oneOf, type Filter, type ListModel } from './filtered-list.ts';
import { keptAt, of, withInstanceOf } from './history-lists.ts';

const decisionName =
  (operator: '=' | 'LIKE'): Filter =>
  (value) => ({ sql: `d.decision_id IN (SELECT n.id FROM decision_definition n WHERE n.name ${operator} ?)`, params: [String(value as string)] });

/** The place of a decision that was evaluated: `instance:seq:part`, split by whoever asks. */
const place = (value: Parameters<Filter>[0], one: string) => {
  const [instance = -1, seq = -1, part = -1] = value as readonly number[];
  return { sql: one, params: [instance, seq, part] };
};

/** One row per decision that was evaluated; `part` 0 is the one that was asked for, the others are those it required. */
export const historicDecisionList: ListModel = {
  columns:
    `d.instance_id, d.seq, d.part, d.definition_id, d.element, d.element_instance, d.decision_id, d.decision_key, d.decision_version, d.evaluated_at, d.record, ${of('root_id')} AS root_id, ${of('tenant')} AS tenant, ${of('area')} AS area`,
  from: `history_decision d ${withInstanceOf('d')}`,
  tenant: of('tenant'),
  area: of('area'),
  filters: {
    place: (value) => place(value, '(d.instance_id = ? AND d.seq = ? AND d.part = ?)'),
    rootPlace: (value) => place(value, '(d.instance_id = ? AND d.seq = ? AND d.part >= ?)'),
    rootDecisionInstancesOnly: flag('d.part = 0', '1 = 1'),
    processInstanceId: equals('d.instance_id'),
    processDefinitionId: equals('d.definition_id'),
    processDefinitionKey: byDefinitionKey('d.definition_id'),
    activityIdIn: oneOf('d.element'),
    activityInstanceIdIn: oneOf('d.element_instance'),
    decisionDefinitionId: equals('d.decision_id'),
    decisionDefinitionIdIn: oneOf('d.decision_id'),
    decisionDefinitionKey: equals('d.decision_key'),
    decisionDefinitionKeyIn: oneOf('d.decision_key'),
    decisionDefinitionName: decisionName('='),
    decisionDefinitionNameLike: decisionName('LIKE'),
    evaluatedBefore: compares('d.evaluated_at', '<'),
    evaluatedAfter: compares('d.evaluated_at', '>'),
    tenantIdIn: oneOf(of('tenant')),
    withoutTenantId: flag(`${of('tenant')} = ''`, '1 = 1'),
    keptAt: keptAt('d.definition_id'),
  },
  sorts: { evaluationTime: 'd.evaluated_at', tenantId: of('tenant') },
  tieBreaker: 'd.instance_id, d.seq, d.part',
};
