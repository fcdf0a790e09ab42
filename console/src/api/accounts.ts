import { request } from './http.ts';
import type { Area, Role } from './session.ts';

export interface ManagedAccount {
  username: string;
  name: string;
  roles: Role[];
  groups: string[];
  areas: Area[];
  locale: string;
  status: 'active' | 'disabled';
}

export interface NewAccount {
  username: string;
  name: string;
  password: string;
  roles: Role[];
  groups: string[];
  areas: string[];
  locale: string;
}

export interface AreaNode {
  code: string;
  path: string;
  name: string;
  level: number;
  children: AreaNode[];
}

export const fetchAccounts = async (): Promise<ManagedAccount[]> =>
  (await request<{ items: ManagedAccount[] }>('GET', '/api/accounts')).items;

export const createAccount = (account: NewAccount): Promise<ManagedAccount> => request('POST', '/api/accounts', { body: account });

export const disableAccount = (username: string): Promise<void> => request('POST', `/api/accounts/${encodeURIComponent(username)}/disable`);

/** The area tree at and below the areas of the signed-in person. */
export const fetchAreas = (): Promise<AreaNode[]> => request('GET', '/api/areas');
