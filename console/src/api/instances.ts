import type { ElderCard } from './elders.ts';
import { request, requestText } from './http.ts';
import type { Area } from './session.ts';
import type { TaskCard } from './tasks.ts';

export interface InstanceRow {
  id: string;
  processKey: string;
  processName: string;
  version: number;
  businessKey: string | null;
  title: string | null;
  /** `active`, `suspended`, `ended`. */
  status: string;
  startedAt: number;
  startedBy: string | null;
  startedByName: string | null;
  endedAt: number | null;
  endState: string | null;
  area: Area | null;
}

export interface InstanceVariable {
  name: string;
  type: string;
  value: unknown;
}

export interface InstanceIncident {
  id: string;
  elementId: string;
  message: string | null;
  at: number;
}

export interface CalledInstance {
  id: string;
  processName?: string;
  businessKey?: string | null;
}

export interface InstanceDetail extends InstanceRow {
  variables: InstanceVariable[];
  active: { elementId: string; count: number }[];
  passed: string[];
  takenFlows: string[];
  incidents: InstanceIncident[];
  tasks: TaskCard[];
  calledFrom: CalledInstance | string | null;
  called: (CalledInstance | string)[];
  elderCard: ElderCard | null;
}

export interface TimelineEntry {
  seq: number;
  at: number;
  actor: { id: string; name: string } | null;
  /** An engine event's type, e.g. `UserTaskEnded`. */
  kind: string;
  elementId: string | null;
  elementName: string | null;
  details: Record<string, unknown>;
}

export interface InstancePage {
  items: InstanceRow[];
  nextCursor: string | null;
}

export interface InstanceQuery {
  key?: string;
  status?: string;
  businessKey?: string;
  search?: string;
  cursor?: string | null;
  limit: number;
}

/** Auditors read the same list from history, which keeps ended instances of the whole district. */
export const fetchInstances = (query: InstanceQuery, fromHistory: boolean, signal?: AbortSignal): Promise<InstancePage> =>
  request('GET', fromHistory ? '/api/history/instances' : '/api/instances', { query: { ...query }, ...(signal ? { signal } : {}) });

export const fetchInstance = (id: string): Promise<InstanceDetail> => request('GET', `/api/instances/${encodeURIComponent(id)}`);

export const fetchDiagram = (id: string): Promise<string> => requestText(`/api/instances/${encodeURIComponent(id)}/diagram`);

export const fetchTimeline = (id: string): Promise<TimelineEntry[]> => request('GET', `/api/instances/${encodeURIComponent(id)}/timeline`);
