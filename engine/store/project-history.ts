import type { EventOf } from '#engine/core/events.ts';
import type { Element } from '#engine/core/model.ts';
import type { IncidentState } from '#engine/core/state.ts';
import type { InstanceChange } from './instance-store.ts';
import { shows } from './history-level.ts';
import type { ElementSnapshot } from './snapshot.ts';
import type { Row, Writes } from './unit-of-work.ts';
import { encodeVariables, type Payloads, toJson } from './variable-codec.ts';

/** Most activities that may end in one command: the room below each revision in `history_activity.seq`. */
const SEQ_PER_REVISION = 2 ** 20;

/** Place in the instance's history: ordered by command, then by order inside the command. */
export function historySeq(rev: number, index: number): number {
  return rev * SEQ_PER_REVISION + index;
}

/** The row that stays of an instance; its variables are those of the process scope at the end, from the level `audit` on. */
export function historyOfInstance({ state, model, at, historyLevel }: InstanceChange, ended: EventOf<'InstanceEnded'>, payloads: Payloads): Row {
  const variables = shows(historyLevel, 'audit') ? (state.elements[0]?.variables ?? {}) : {};
  return {
    id: state.id,
    definition_id: state.definitionId,
    business_key: state.businessKey,
    tenant: state.tenant,
    area: state.area,
    root_id: state.rootId,
    super_id: state.superId ?? null,
    started_at: state.startedAt,
    started_by: state.startedBy,
    ended_at: at,
    end_state: ended.outcome,
    end_element: ended.element === null ? null : (model.elements[ended.element]?.id ?? null),
    delete_reason: ended.reason,
    vars: toJson((beside) => encodeVariables(variables, beside), payloads),
  };
}

/** An activity's one row, written when it ends. */
export function activityEnded(
  writes: Writes,
  change: InstanceChange,
  activity: {
    id: number;
    seq: number;
    element: Element;
    before: ElementSnapshot;
    assignee: string | null;
    isTask: boolean;
    canceled: boolean;
  },
): void {
  if (!shows(change.historyLevel, 'activity')) return;
  const { id, seq, element, before, assignee, isTask, canceled } = activity;
  writes.insert('history_activity', {
    instance_id: change.state.id,
    seq,
    element: element.id,
    element_type: before.phase === 'body' ? 'multiInstanceBody' : element.type,
    element_instance: id,
    task_id: isTask ? id : null,
    assignee,
    started_at: before.startedAt,
    ended_at: change.at,
    canceled: canceled ? 1 : 0,
    called_instance: before.calledInstance ?? null,
  });
}

export function incidentEnded(writes: Writes, row: Row, incident: IncidentState, endedAt: number): void {
  writes.insert('history_incident', {
    ...row,
    kind: incident.kind,
    source_id: incident.source,
    message: incident.message,
    ended_at: endedAt,
  });
}

/**
 * A row per decision: part 0 is the one that was asked for (Camunda's root decision instance), the next are those it required.
 * `record` is its `DecisionRecord` without `required`.
 */
export function decisionEvaluated(writes: Writes, change: InstanceChange, event: EventOf<'DecisionEvaluated'>, seq: number): void {
  if (!shows(change.historyLevel, 'full')) return;
  const { required = [], ...root } = event.decision;
  for (const [part, decision] of [root, ...required].entries()) {
    writes.insert('history_decision', {
      instance_id: change.state.id,
      seq,
      part,
      definition_id: change.state.definitionId,
      element: change.model.elements[event.element]?.id ?? '',
      element_instance: event.id,
      decision_id: decision.definitionId,
      decision_key: decision.key,
      decision_version: decision.version,
      evaluated_at: change.at,
      record: JSON.stringify(decision),
    });
  }
}
