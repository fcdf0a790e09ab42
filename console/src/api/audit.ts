import { request } from './http.ts';

export interface AuditEntry {
  id: string;
  at: number;
  actor: string | { id: string; name: string } | null;
  method: string;
  path: string;
  status: number;
  summary: string | null;
}

export interface AuditPage {
  items: AuditEntry[];
  nextCursor?: string | null;
}

export const fetchAudit = (cursor?: string | null): Promise<AuditPage> => request('GET', '/api/audit', { query: { cursor } });
