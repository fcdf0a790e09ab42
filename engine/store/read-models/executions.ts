import type { Work } from '../unit-of-work.ts';
import { loadByExternalTask, loadByInstance, loadByJob, loadBySubscription, loadByTask, loadRest, type LoadedRoot } from '../instance-store.ts';
import { read } from '../unit-of-work.ts';
import { byDefinitionKey, equals, flag, oneOf, withVariables, type Filter, type ListModel, type ListRequest } from './filtered-list.ts';

/**
 * Where an execution is: the instance and one of its element instances. Camunda's executions are our element instances; the list knows
 * those that wait for somebody (tasks, messages, signals, conditions) and the instances themselves.
 */
export interface ExecutionPlace {
  root: LoadedRoot;
  instanceId: number;
  elementInstance: number;
}

/** What waits, as executions; narrowed where the filter names the instance. */
function executions({ processInstanceId }: ListRequest['filter']): string {
  const only = processInstanceId === undefined ? '' : ` WHERE instance_id = ${Number(processInstanceId)}`;
  const itself = processInstanceId === undefined ? '' : ` WHERE id = ${Number(processInstanceId)}`;
  return `(SELECT id, id AS instance_id FROM process_instance${itself}
    UNION SELECT id, instance_id FROM task${only}
    UNION SELECT id, instance_id FROM external_task${only}
    UNION SELECT element_instance AS id, instance_id FROM subscription${only}) e JOIN process_instance p ON p.id = e.instance_id`;
}

const waitsFor = (kind: string): Filter => (value) => ({
  sql: `EXISTS (SELECT 1 FROM subscription s WHERE s.element_instance = e.id AND s.kind = '${kind}' AND s.name = ?)`,
  params: [value as string],
});

export const executionList: ListModel = {
  columns: 'e.id, e.instance_id, p.tenant',
  from: executions,
  tenant: 'p.tenant',
  area: 'p.area',
  filters: {
    businessKey: equals('p.business_key'),
    processDefinitionId: equals('p.definition_id'),
    processDefinitionKey: byDefinitionKey('p.definition_id'),
    processInstanceId: equals('e.instance_id'),
    activityId: (value) => ({
      sql: `(EXISTS (SELECT 1 FROM task t WHERE t.id = e.id AND t.element = ?) OR EXISTS (SELECT 1 FROM external_task t WHERE t.id = e.id AND t.element = ?) OR EXISTS (SELECT 1 FROM subscription t WHERE t.element_instance = e.id AND t.element = ?))`,
      params: [value as string, value as string, value as string],
    }),
    messageEventSubscriptionName: waitsFor('message'),
    signalEventSubscriptionName: waitsFor('signal'),
    active: flag("p.status = 'active'", '1 = 1'),
    suspended: flag("p.status = 'suspended'", '1 = 1'),
    incidentId: (value) => ({ sql: 'EXISTS (SELECT 1 FROM incident i WHERE i.instance_id = p.id AND i.id = ?)', params: [value as number] }),
    incidentType: (value) => ({ sql: 'EXISTS (SELECT 1 FROM incident i WHERE i.instance_id = p.id AND i.kind = ?)', params: [value as string] }),
    tenantIdIn: oneOf('p.tenant'),
    processVariables: withVariables('p.id'),
  },
  sorts: { instanceId: 'e.instance_id', definitionKey: 'p.definition_id', definitionId: 'p.definition_id', tenantId: 'p.tenant' },
  tieBreaker: 'e.id',
};

/** An instance, task, external task, job, or element instance that waits for an event; null when there is none. */
export function* findExecution(id: number): Work<ExecutionPlace | null> {
  const instance = yield* loadByInstance(id);
  if (instance) return { root: instance, instanceId: id, elementInstance: id };
  for (const load of [loadByTask, loadByExternalTask]) {
    const root = yield* load(id);
    if (root) return { root, instanceId: root.instanceId, elementInstance: id };
  }
  const job = yield* loadByJob(id);
  if (job) {
    const state = job.instances.get(job.instanceId)?.state;
    return { root: job, instanceId: job.instanceId, elementInstance: state?.jobs.find((each) => each.id === id)?.owner ?? job.instanceId };
  }
  const [subscription] = yield* read('SELECT id FROM subscription WHERE element_instance = ? LIMIT 1', [id]);
  const root = subscription ? yield* loadBySubscription(Number(subscription.id)) : null;
  return root && { root, instanceId: root.instanceId, elementInstance: id };
}

/** The same, for element instances that nothing waits for: where the instance is known. */
export function* findInside(instanceId: number, elementInstance: number): Work<ExecutionPlace | null> {
  const root = yield* loadByInstance(instanceId);
  if (root) yield* loadRest(root);
  return root && { root, instanceId, elementInstance };
}

export interface WaitingSubscription {
  id: number;
  kind: string;
  name: string;
  element: string;
  createdAt: number;
}

/** What an execution waits for. */
export function* subscriptionsOfExecution(elementInstance: number, kind?: string, name?: string): Work<WaitingSubscription[]> {
  const params = [elementInstance, ...(kind === undefined ? [] : [kind]), ...(name === undefined ? [] : [name])];
  const sql = `SELECT id, kind, name, element, created_at FROM subscription WHERE element_instance = ?${kind === undefined ? '' : ' AND kind = ?'}${name === undefined ? '' : ' AND name = ?'} ORDER BY id`;
  return (yield* read(sql, params)).map((row) => ({ id: Number(row.id), kind: String(row.kind), name: String(row.name), element: String(row.element), createdAt: Number(row.created_at) }));
}
