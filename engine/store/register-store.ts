import { read, type Row, type SqlValue, type Work, type Writes } from './unit-of-work.ts';

export type RegisterName = 'elder' | 'provider' | 'staff';

/** A record of a register; `data` has the shape of the form `register-<register>`. */
export interface RegisterRecord {
  id: number;
  tenant: string;
  area: string;
  register: RegisterName;
  /** Stable key within tenant and register: what processes and devices refer to. */
  key: string;
  name: string;
  data: Record<string, unknown>;
  rev: number;
}

export interface NewRecord extends Omit<RegisterRecord, 'rev'> {
  /** Words a search finds it by, besides name and key. */
  words: string[];
}

const toRecord = (row: Row): RegisterRecord => ({
  id: Number(row.id),
  tenant: String(row.tenant),
  area: String(row.area),
  register: String(row.register) as RegisterName,
  key: String(row.record_key),
  name: String(row.name),
  data: JSON.parse(String(row.data)) as Record<string, unknown>,
  rev: Number(row.rev),
});

export function* recordByKey(tenant: string, register: RegisterName, key: string): Work<RegisterRecord | null> {
  const [row] = yield* read('SELECT * FROM register_record WHERE tenant = ? AND register = ? AND record_key = ?', [tenant, register, key]);
  return row ? toRecord(row) : null;
}

export function* recordsByKeys(tenant: string, register: RegisterName, keys: string[]): Work<RegisterRecord[]> {
  if (keys.length === 0) return [];
  const list = keys.map(() => '?').join(', ');
  const rows = yield* read(`SELECT * FROM register_record WHERE tenant = ? AND register = ? AND record_key IN (${list})`, [
    tenant,
    register,
    ...keys,
  ]);
  return rows.map(toRecord);
}

/** Records at and below the area paths whose name, key, phone or address contains the text; all when it is empty. */
export function* searchRecords(
  scope: { tenant: string; areas: string[] },
  register: RegisterName,
  text: string,
  limit: number,
): Work<RegisterRecord[]> {
  if (scope.areas.length === 0) return [];
  const below = scope.areas.map(() => '(area = ? OR area LIKE ?)').join(' OR ');
  const params: SqlValue[] = [scope.tenant, register, ...scope.areas.flatMap((area) => [area, `${area}/%`])];
  let found = '';
  if (text.trim() !== '') {
    found = "AND search LIKE ? ESCAPE '!'";
    params.push(`%${text.trim().toLowerCase().replace(/[!%_]/g, '!$&')}%`);
  }
  const rows = yield* read(
    `SELECT * FROM register_record WHERE tenant = ? AND register = ? AND (${below}) ${found} ORDER BY record_key LIMIT ?`,
    [...params, limit],
  );
  return rows.map(toRecord);
}

export function* countRecords(tenant: string, register: RegisterName): Work<number> {
  const [row] = yield* read('SELECT COUNT(*) AS n FROM register_record WHERE tenant = ? AND register = ?', [tenant, register]);
  return Number(row?.n ?? 0);
}

export function insertRecord(writes: Writes, record: NewRecord, now: number): void {
  writes.insert('register_record', { id: record.id, ...columns(record), rev: 1, created_at: now, updated_at: now });
}

/** @throws the unit runs again when someone else changed the record since `rev`. */
export function updateRecord(writes: Writes, record: NewRecord & { rev: number }, now: number): void {
  writes.update('register_record', { id: record.id }, { ...columns(record), rev: record.rev + 1, updated_at: now }, { rev: record.rev });
}

function columns(record: NewRecord): Row {
  return {
    tenant: record.tenant,
    area: record.area,
    register: record.register,
    record_key: record.key,
    name: record.name,
    search: [record.name, record.key, ...record.words].join(' ').toLowerCase().slice(0, 500),
    data: JSON.stringify(record.data),
  };
}
