import type { FieldAccess, FormRef } from './forms.ts';
import { request } from './http.ts';

export interface StartableProcess {
  key: string;
  name: string;
  version: number;
  description: string | null;
  category: string | null;
}

export interface StartForm {
  form: FormRef | null;
  data: Record<string, unknown>;
  permissions: Record<string, FieldAccess>;
}

export interface StartedInstance {
  id: string;
  businessKey: string | null;
}

export const fetchStartableProcesses = (): Promise<StartableProcess[]> => request('GET', '/api/processes');

export const fetchStartForm = (key: string): Promise<StartForm> => request('GET', `/api/processes/${encodeURIComponent(key)}/start-form`);

export const startProcess = (key: string, data: Record<string, unknown>, idempotencyKey: string): Promise<StartedInstance> =>
  request('POST', `/api/processes/${encodeURIComponent(key)}/start`, { body: { data }, idempotencyKey });
