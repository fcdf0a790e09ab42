import { request } from './http.ts';

export type Role = 'district-admin' | 'designer' | 'dispatcher' | 'worker' | 'callcenter' | 'integrator' | 'auditor' | 'provider';

export interface Area {
  path: string;
  name: string;
}

export interface Account {
  username: string;
  name: string;
  roles: Role[];
  groups: string[];
  tenant: string;
  tenantName: string;
  areas: Area[];
  locale: string;
}

export interface Session {
  account: Account;
  csrfToken: string;
}

export interface DemoAccount {
  username: string;
  password: string;
  name: string;
  role: string;
}

export const fetchSession = (): Promise<Session> => request('GET', '/api/session', { anonymous: true });

export const createSession = (username: string, password: string): Promise<Session> =>
  request('POST', '/api/session', { body: { username, password }, anonymous: true });

export const deleteSession = (): Promise<void> => request('DELETE', '/api/session', { anonymous: true });

export const saveLocale = (locale: string): Promise<void> => request('PUT', '/api/session/locale', { body: { locale } });

/** Empty unless the server runs on its demo seed. */
export const fetchDemoAccounts = (): Promise<DemoAccount[]> => request('GET', '/api/demo-accounts', { anonymous: true });
