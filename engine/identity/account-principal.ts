import type { AccountRow } from '#engine/store/account-store.ts';
import { ROLES, type Principal, type Role } from './principal.ts';

/** A signed-in person; `tenantName` is for the account shown in the console. */
export interface AccountPrincipal extends Principal {
  kind: 'user';
  tenantName: string;
}

export function accountPrincipal(account: AccountRow): AccountPrincipal {
  const roles = account.roles.filter(isRole);
  return {
    kind: 'user',
    id: account.username,
    name: account.name,
    tenant: account.tenant,
    tenantName: account.tenantName,
    roles,
    groups: [...new Set([...roles, ...account.groups])],
    areas: account.areas,
    scopes: [],
    locale: account.locale,
  };
}

export const ANONYMOUS: Principal = {
  kind: 'anonymous',
  id: 'anonymous',
  name: 'anonymous',
  tenant: '',
  roles: [],
  groups: [],
  areas: [],
  scopes: [],
  locale: 'zh-CN',
};

function isRole(name: string): name is Role {
  return (ROLES as readonly string[]).includes(name);
}
