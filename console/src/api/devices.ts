import { request } from './http.ts';
import type { Area } from './session.ts';

export interface DeviceProperty {
  capability: string;
  value: unknown;
  unit?: string | null;
  at?: number | null;
}

export interface Device {
  code: string;
  name: string;
  model?: string | null;
  category?: string | null;
  location?: string | null;
  gateway?: string | null;
  status?: string | null;
  elder?: { id: string; name: string } | null;
  area?: Area | null;
  lastSeenAt?: number | null;
  properties?: DeviceProperty[] | Record<string, unknown>;
}

export interface InboxEntry {
  id: string;
  deviceCode: string | null;
  gateway?: string | null;
  capability?: string | null;
  status: string;
  receivedAt: number;
  tries: number;
  error?: string | null;
}

/** Some lists come bare, others as a page. */
function itemsOf<T>(answer: T[] | { items: T[] }): T[] {
  return Array.isArray(answer) ? answer : answer.items;
}

export const fetchDevices = async (): Promise<Device[]> => itemsOf(await request<Device[] | { items: Device[] }>('GET', '/api/devices'));

export const fetchInbox = async (status: string): Promise<InboxEntry[]> =>
  itemsOf(await request<InboxEntry[] | { items: InboxEntry[] }>('GET', '/api/inbox', { query: { status } }));

export const replayInboxEntry = (id: string): Promise<void> => request('POST', `/api/inbox/${encodeURIComponent(id)}/replay`, { body: {} });
