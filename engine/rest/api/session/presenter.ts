import type { AccountPrincipal } from '#engine/identity/account-principal.ts';
import type { AccountRow } from '#engine/store/account-store.ts';

/** The signed-in person, as the console shows it. */
export interface Account {
  username: string;
  name: string;
  roles: string[];
  groups: string[];
  tenant: string;
  tenantName: string;
  areas: { path: string; name: string }[];
  locale: 'zh-CN' | 'en';
}

export function presentAccount(principal: AccountPrincipal, areaName: (path: string) => string): Account {
  return {
    username: principal.id,
    name: principal.name,
    roles: principal.roles,
    groups: principal.groups,
    tenant: principal.tenant,
    tenantName: principal.tenantName,
    areas: principal.areas.map((path) => ({ path, name: areaName(path) })),
    locale: principal.locale,
  };
}

export const presentDemoAccount = (account: AccountRow, password: string) => ({
  username: account.username,
  password,
  name: account.name,
  role: account.roles[0] ?? '',
});
