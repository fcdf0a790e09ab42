import { request } from './http.ts';

export interface Device {
  id: string;
  code: string;
  name: string;
  profile: string;
  model: string | null;
  location: string | null;
  elderId: string | null;
  /** Null when the elder is unknown or lives outside the caller's areas. */
  elderName: string | null;
  /** Area path. */
  area: string;
  address: string | null;
  gateway: { name: string; online: boolean } | null;
  /** What the gateway says; null when it never said anything. */
  online: boolean | null;
  lastSeenAt: number | null;
  /** Last value per property. */
  state: Record<string, unknown>;
}

export interface InboxEntry {
  id: string;
  deviceCode: string | null;
  gateway: string | null;
  capability: string | null;
  value: unknown;
  status: string;
  receivedAt: number;
  tries: number;
  error: string | null;
}

interface Items<T> {
  items: T[];
}

export const fetchDevices = async (): Promise<Device[]> => (await request<Items<Device>>('GET', '/api/devices')).items;

export const fetchInbox = async (status: string): Promise<InboxEntry[]> =>
  (await request<Items<InboxEntry>>('GET', '/api/inbox', { query: { status } })).items;

export const replayInboxEntry = (id: string): Promise<void> => request('POST', `/api/inbox/${encodeURIComponent(id)}/replay`, { body: {} });
