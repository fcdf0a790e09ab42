import type { EngineEvent, EventOf } from '#engine/core/events.ts';
import type { Element, ProcessModel } from '#engine/core/model.ts';
import type { InstanceState } from '#engine/core/state.ts';
import type { EventRow } from '#engine/store/read-models/instance-history.ts';
import { factsOf, type Versions } from './versions.ts';

/** What the diagram shows: where tokens are, where they have been, and which ways they took. */
export interface Trace {
  active: { elementId: string; count: number }[];
  passed: string[];
  takenFlows: string[];
}

export function traceOf(versions: Versions, rows: readonly EventRow[], state: InstanceState | null): Trace {
  const passed = new Set<string>();
  const flows = new Set<string>();
  for (const { event, model } of factsOf(versions, rows)) {
    if (event.type === 'ElementCompleted' && event.element > 0) passed.add(idOf(model, event.element));
    if (event.type === 'ElementActivated' && event.flow !== null) flows.add(model.flows[event.flow]?.id ?? '');
    if (event.type === 'TokenArrived') flows.add(model.flows[event.flow]?.id ?? '');
    if (event.type === 'GatewayJoined') passed.add(idOf(model, event.gateway));
  }
  const counts = new Map<string, number>();
  for (const { element, phase } of state?.elements.slice(1) ?? []) {
    const id = idOf(versions.now, element);
    if (phase !== 'body') counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return {
    active: [...counts].map(([elementId, count]) => ({ elementId, count })),
    passed: [...passed].filter((id) => id !== ''),
    takenFlows: [...flows].filter((id) => id !== ''),
  };
}

export interface TimelineEntry {
  seq: number;
  at: number;
  actor: { id: string; name: string } | null;
  kind: string;
  elementId: string | null;
  elementName: string | null;
  details: Record<string, unknown>;
}

/** The facts a person wants to read, in their order; tokens and variables are left to the diagram and the table. */
export function timelineOf(versions: Versions, rows: readonly EventRow[], nameOf: (user: string) => string): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const elementOfInstance = new Map<number, Element | undefined>();
  for (const { row, event, model } of factsOf(versions, rows)) {
    const { at, actor } = row;
    const own = 'element' in event && event.element !== null ? model.elements[event.element] : undefined;
    if ('id' in event && own) elementOfInstance.set(event.id, own);
    const details = detailsOf(event);
    if (!details) continue;
    const known = own ?? ('id' in event ? elementOfInstance.get(event.id) : undefined);
    const element = known?.index === 0 ? undefined : known;
    entries.push({
      seq: entries.length + 1,
      at,
      actor: actor === null ? null : { id: actor, name: nameOf(actor) },
      kind: event.type,
      elementId: element?.id ?? null,
      elementName: element?.name ?? null,
      details,
    });
  }
  return entries;
}

type Details = { [T in EngineEvent['type']]?: (event: EventOf<T>) => Record<string, unknown> };

/** The facts of the timeline. Details name people and outcomes, never the values of variables. */
const DETAILS: Details = {
  InstanceStarted: () => ({}),
  InstanceSuspended: () => ({}),
  InstanceActivated: () => ({}),
  InstanceMigrated: ({ from, definitionId }) => ({ from: String(from), to: String(definitionId) }),
  InstanceEnded: ({ outcome, reason }) => ({ outcome, reason }),
  UserTaskCreated: ({ task }) => ({ assignee: task.assignee, candidateGroups: task.candidateGroups, dueAt: task.dueAt }),
  UserTaskUpdated: ({ operation, change }) => ({ operation, assignee: change.assignee ?? null }),
  UserTaskEnded: ({ reason }) => ({ reason }),
  ExternalTaskCreated: ({ topic }) => ({ topic }),
  ExternalTaskFailed: ({ retries, message }) => ({ retries, message }),
  ExternalTaskEnded: ({ reason }) => ({ reason }),
  JobFailed: ({ retries, message }) => ({ retries, message }),
  MessageReceived: ({ name }) => ({ message: name }),
  MessageThrown: ({ name }) => ({ message: name }),
  ErrorThrown: ({ code, message }) => ({ code, message }),
  EscalationThrown: ({ code }) => ({ message: code }),
  SignalThrown: ({ name }) => ({ message: name }),
  EventReceived: ({ name }) => ({ message: name }),
  IncidentCreated: ({ incident }) => ({ kind: incident.kind, message: incident.message }),
  IncidentResolved: () => ({}),
  InstanceCalled: ({ called }) => ({ instanceId: String(called) }),
  DecisionEvaluated: ({ decision }) => ({ decision: decision.key, version: decision.version, rules: decision.rules }),
};

/** null = not for the timeline. */
function detailsOf(event: EngineEvent): Record<string, unknown> | null {
  const details = DETAILS[event.type] as ((event: EngineEvent) => Record<string, unknown>) | undefined;
  return details ? details(event) : null;
}

const idOf = (model: ProcessModel, element: number): string => model.elements[element]?.id ?? '';
