import type { AccountRow } from '#engine/store/account-store.ts';

/** An account as administrators see it. */
export const presentManagedAccount = (account: AccountRow, areaName: (path: string) => string) => ({
  username: account.username,
  name: account.name,
  roles: account.roles,
  groups: account.groups,
  areas: account.areas.map((path) => ({ path, name: areaName(path) })),
  locale: account.locale,
  status: account.status,
});
