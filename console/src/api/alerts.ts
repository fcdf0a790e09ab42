import { request } from './http.ts';
import type { Area } from './session.ts';
import type { Level } from './tasks.ts';

export interface Alert {
  id: string;
  kind: string;
  /** The kind in words, for kinds that the console has no word for. */
  kindName?: string;
  level: Level;
  status: 'active' | 'cleared';
  acknowledged: boolean;
  subject: string;
  /** `phone` is masked. */
  elder: { id: string; name: string; phone: string | null; address: string | null; tags: string[] } | null;
  device: { code: string; name: string; location: string | null } | null;
  area: Area;
  count: number;
  raisedAt: number;
  lastAt: number;
  /** The sensor is back to normal; levels 1 and 2 still need a person. */
  recoveredAt?: number | null;
  clearedAt: number | null;
  instanceId: string | null;
  taskId: string | null;
  /** The engine raised it itself because no device flow answered. */
  flowSilent: boolean;
  spokenText: string | null;
}

export interface AlertPage {
  items: Alert[];
  nextCursor?: string | null;
}

export const fetchAlerts = (status: 'active' | 'all', cursor?: string | null): Promise<AlertPage> =>
  request('GET', '/api/alerts', { query: { status, cursor } });
