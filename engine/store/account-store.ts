import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

export interface AccountRow {
  id: number;
  username: string;
  name: string;
  passwordHash: string;
  tenant: string;
  tenantName: string;
  roles: string[];
  groups: string[];
  /** Area paths whose subtrees the account may see. */
  areas: string[];
  locale: 'zh-CN' | 'en';
  status: 'active' | 'disabled';
  demo: boolean;
}

const toAccount = (row: Row): AccountRow => ({
  id: Number(row.id),
  username: String(row.username),
  name: String(row.name),
  passwordHash: String(row.password_hash),
  tenant: String(row.tenant),
  tenantName: String(row.tenant_name),
  roles: list(row.roles),
  groups: list(row.candidate_groups),
  areas: list(row.areas),
  locale: row.locale === 'en' ? 'en' : 'zh-CN',
  status: row.status === 'active' ? 'active' : 'disabled',
  demo: Number(row.demo) === 1,
});

const list = (text: Row[string] | undefined): string[] => JSON.parse(String(text)) as string[];

export function* accountByUsername(username: string): Work<AccountRow | null> {
  const [row] = yield* read('SELECT * FROM account WHERE username = ?', [username]);
  return row ? toAccount(row) : null;
}

export function* accountById(id: number): Work<AccountRow | null> {
  const [row] = yield* read('SELECT * FROM account WHERE id = ?', [id]);
  return row ? toAccount(row) : null;
}

export function* demoAccounts(): Work<AccountRow[]> {
  return (yield* read("SELECT * FROM account WHERE demo = 1 AND status = 'active' ORDER BY id")).map(toAccount);
}

export function* accountNames(tenant: string): Work<Map<string, string>> {
  const rows = yield* read('SELECT username, name FROM account WHERE tenant = ?', [tenant]);
  return new Map(rows.map((row) => [String(row.username), String(row.name)]));
}

/** The accounts of a district that stand wholly within the scope's areas, by user name; an account without areas is the district's. */
export function* accountsIn(scope: { tenant: string; areas: string[] }): Work<AccountRow[]> {
  const rows = (yield* read('SELECT * FROM account WHERE tenant = ? ORDER BY username', [scope.tenant])).map(toAccount);
  const isWithin = (path: string) => scope.areas.some((area) => path === area || path.startsWith(`${area}/`));
  return rows.filter(({ areas }) => (areas.length > 0 ? areas : [scope.tenant]).every(isWithin));
}

export function* countAccounts(): Work<number> {
  const [row] = yield* read('SELECT COUNT(*) AS n FROM account');
  return Number(row?.n ?? 0);
}

export function insertAccount(writes: Writes, account: AccountRow, now: number): void {
  writes.insert('account', {
    id: account.id,
    username: account.username,
    name: account.name,
    password_hash: account.passwordHash,
    tenant: account.tenant,
    tenant_name: account.tenantName,
    roles: JSON.stringify(account.roles),
    candidate_groups: JSON.stringify(account.groups),
    areas: JSON.stringify(account.areas),
    locale: account.locale,
    status: account.status,
    demo: account.demo ? 1 : 0,
    created_at: now,
    updated_at: now,
    password_at: now,
  });
}

export function setAccountLocale(writes: Writes, id: number, locale: string, now: number): void {
  writes.update('account', { id }, { locale, updated_at: now });
}

export function setAccountStatus(writes: Writes, id: number, status: AccountRow['status'], now: number): void {
  writes.update('account', { id }, { status, updated_at: now });
}

export function setAccountPassword(writes: Writes, id: number, passwordHash: string, now: number): void {
  writes.update('account', { id }, { password_hash: passwordHash, password_at: now, updated_at: now });
}
