import { BODY_SUFFIX } from '#engine/core/modification/instructions.ts';
import { isLooped, isMultiInstanceItem } from '#engine/core/instance-tree.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { ElementInstance, InstanceState } from '#engine/core/state.ts';
import { insideId } from '../execution/place.ts';
import { activityType } from '../history/activity-type.ts';
import { arrivalId } from '../modification/instructions.ts';

interface WireIncident {
  id: string;
  activityId: string | null;
}
interface WireInstance {
  id: string;
  parentActivityInstanceId: string | null;
  activityId: string | null;
  activityName: string | null;
  activityType: string;
  processInstanceId: string;
  processDefinitionId: string;
  incidentIds: string[];
  incidents: WireIncident[];
}
export interface WireTransitionInstance extends WireInstance {
  executionId: string;
}
export interface WireActivityInstance extends WireInstance {
  name: string | null;
  childActivityInstances: WireActivityInstance[];
  childTransitionInstances: WireTransitionInstance[];
  executionIds: string[];
}

/**
 * Camunda's tree of activity instances, from the state alone: what waits at an async continuation is a transition instance,
 * tokens at a join are activity instances of it, what is kept for a compensation is not shown.
 */
export function activityInstanceTree(state: InstanceState, model: ProcessModel): WireActivityInstance {
  const incidents = incidentsByOwner(state, model);
  const shown = new Map<number, WireActivityInstance>();
  const [process, ...others] = state.elements as [ElementInstance, ...ElementInstance[]];
  const definitionId = String(state.definitionId);
  const root: WireActivityInstance = {
    ...base(process),
    activityId: definitionId,
    activityName: model.name ?? null,
    name: model.name ?? null,
    activityType: 'processDefinition',
    childActivityInstances: [],
    childTransitionInstances: [],
    executionIds: [String(state.id)],
  };
  shown.set(process.id, root);
  const scopes = new Map(state.elements.map((instance) => [instance.id, instance]));
  /** What is there again only to be compensated is not in the tree, but what runs inside it is. */
  const parentOf = (scope: number): WireActivityInstance => {
    for (let at = scopes.get(scope); at; at = scopes.get(at.scope)) {
      const parent = shown.get(at.id);
      if (parent) return parent;
    }
    return root;
  };
  for (const instance of others) {
    if (instance.phase === 'compensating') continue;
    const parent = parentOf(instance.scope);
    const activity = { ...base(instance), ...activityOf(instance), parentActivityInstanceId: parent.id };
    if (instance.phase === 'before' || instance.phase === 'after') {
      parent.childTransitionInstances.push({ ...activity, executionId: activity.id });
      continue;
    }
    const executionId = instance.task || instance.externalTask ? activity.id : insideId(state, instance);
    const wire = { ...activity, name: activity.activityName, childActivityInstances: [], childTransitionInstances: [], executionIds: [executionId] };
    shown.set(instance.id, wire);
    parent.childActivityInstances.push(wire);
  }
  for (const { gateway, scope, flow, count } of state.arrivals) {
    const parent = parentOf(scope);
    for (let number = 0; number < count; number++) {
      const id = arrivalId({ scope, gateway, flow }, number);
      const named = nameOf(gateway, false);
      const wire = { ...base({ id: 0 }), ...named, id, parentActivityInstanceId: parent.id, name: named.activityName };
      parent.childActivityInstances.push({ ...wire, childActivityInstances: [], childTransitionInstances: [], executionIds: [id] });
    }
  }
  return root;

  function base({ id }: { id: number }): Pick<WireInstance, 'id' | 'parentActivityInstanceId' | 'processInstanceId' | 'processDefinitionId' | 'incidentIds' | 'incidents'> {
    const own = incidents.get(id) ?? [];
    return {
      id: String(id),
      parentActivityInstanceId: null,
      processInstanceId: String(state.id),
      processDefinitionId: definitionId,
      incidentIds: own.map((incident) => incident.id),
      incidents: own,
    };
  }

  function activityOf(instance: ElementInstance) {
    const element = model.elements[instance.element];
    return nameOf(instance.element, element !== undefined && isLooped(element) && !isMultiInstanceItem(state, instance));
  }

  function nameOf(index: number, isBody: boolean): Pick<WireInstance, 'activityId' | 'activityName' | 'activityType'> {
    const element = model.elements[index];
    const id = element?.id ?? '';
    return {
      activityId: isBody ? `${id}${BODY_SUFFIX}` : id,
      activityName: element?.name ?? null,
      activityType: activityType(isBody ? 'multiInstanceBody' : (element?.type ?? ''), element),
    };
  }
}

/** Incidents of jobs belong to what owns the job, those of external tasks to the task. */
function incidentsByOwner(state: InstanceState, model: ProcessModel): ReadonlyMap<number, WireIncident[]> {
  const owners = new Map(state.jobs.map(({ id, owner }) => [id, owner]));
  const byOwner = new Map<number, WireIncident[]>();
  for (const { id, source, element } of state.incidents) {
    const owner = owners.get(source) ?? source;
    const incident = { id: String(id), activityId: model.elements[element]?.id ?? null };
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), incident]);
  }
  return byOwner;
}
