import type { ProcessModel } from '#engine/core/model.ts';
import type { ElementInstance, ExternalTaskState, IncidentState, InstanceState, JobState, SubscriptionState } from '#engine/core/state.ts';
import { ownedRow } from './owned-row.ts';
import type { Row } from './unit-of-work.ts';

/** The rows of what an instance waits for: made from events while it runs, from its state when they are rebuilt. */
interface Place {
  state: InstanceState;
  model: ProcessModel;
  partOf: ReadonlyMap<number, number>;
}

export function jobRow(place: Place, job: JobState, createdAt: number): Row {
  const { state } = place;
  const { id, kind, element, dueAt, retries, priority, suspended } = job;
  const available = state.status === 'suspended' || suspended || retries <= 0 ? null : dueAt;
  return {
    ...ownedRow(place, id, element, createdAt),
    root_id: state.rootId,
    kind,
    due_at: dueAt,
    available_at: available,
    retries,
    priority,
    suspended: suspended ? 1 : null,
    part: place.partOf.get(job.owner) ?? null,
  };
}

export function subscriptionRow(place: Place, { id, kind, name, element, owner }: SubscriptionState, createdAt: number): Row {
  return { ...ownedRow(place, id, element, createdAt), element_instance: owner, kind, name, business_key: place.state.businessKey, part: place.partOf.get(owner) ?? null };
}

export function externalTaskRow(
  place: Place,
  { id, element, startedAt }: Pick<ElementInstance, 'id' | 'element' | 'startedAt'>,
  task: ExternalTaskState,
): Row {
  const { topic, priority, retries, errorMessage } = task;
  const available = place.state.status === 'suspended' || retries === 0 ? null : 0;
  return {
    ...ownedRow(place, id, element, startedAt),
    topic,
    priority,
    worker_id: null,
    available_at: available,
    retries,
    error_message: errorMessage,
    part: place.partOf.get(id) ?? null,
  };
}

export function incidentRow(place: Place, { id, kind, source, element, message, at }: IncidentState): Row {
  return { ...ownedRow(place, id, element, at), kind, source_id: source, message };
}
