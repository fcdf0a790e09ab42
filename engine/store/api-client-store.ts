import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

export interface ApiClientRow {
  id: string;
  name: string;
  kind: 'basic' | 'bearer';
  secretHash: string;
  tenant: string;
  areas: string[];
  scopes: string[];
  status: 'active' | 'disabled';
}

const toClient = (row: Row): ApiClientRow => ({
  id: String(row.id),
  name: String(row.name),
  kind: row.kind === 'bearer' ? 'bearer' : 'basic',
  secretHash: String(row.secret_hash),
  tenant: String(row.tenant),
  areas: JSON.parse(String(row.areas)) as string[],
  scopes: JSON.parse(String(row.scopes)) as string[],
  status: row.status === 'active' ? 'active' : 'disabled',
});

export function* apiClientById(id: string): Work<ApiClientRow | null> {
  const [row] = yield* read('SELECT * FROM api_client WHERE id = ?', [id]);
  return row ? toClient(row) : null;
}

export function* apiClientBySecretHash(secretHash: string): Work<ApiClientRow | null> {
  const [row] = yield* read("SELECT * FROM api_client WHERE secret_hash = ? AND kind = 'bearer'", [secretHash]);
  return row ? toClient(row) : null;
}

export function saveApiClient(writes: Writes, client: ApiClientRow, now: number): void {
  writes.upsert(
    'api_client',
    { id: client.id },
    {
      name: client.name,
      kind: client.kind,
      secret_hash: client.secretHash,
      tenant: client.tenant,
      areas: JSON.stringify(client.areas),
      scopes: JSON.stringify(client.scopes),
      status: client.status,
      created_at: now,
    },
  );
}
