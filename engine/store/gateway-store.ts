import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

export interface Gateway {
  id: number;
  tenant: string;
  area: string;
  name: string;
  account: string;
  passwordHash: string;
  baseTopic: string;
  online: boolean;
  /** When `bridge/state` last said online; devices not synced since then send their cached state first. */
  onlineAt: number;
}

const toGateway = (row: Row): Gateway => ({
  id: Number(row.id),
  tenant: String(row.tenant),
  area: String(row.area),
  name: String(row.name),
  account: String(row.account),
  passwordHash: String(row.password_hash),
  baseTopic: String(row.base_topic),
  online: Number(row.online) === 1,
  onlineAt: Number(row.online_at),
});

export function* gatewayByAccount(account: string): Work<Gateway | null> {
  const [row] = yield* read('SELECT * FROM gateway WHERE account = ? AND enabled = 1', [account]);
  return row ? toGateway(row) : null;
}

export function* gatewayById(id: number): Work<Gateway | null> {
  const [row] = yield* read('SELECT * FROM gateway WHERE id = ? AND enabled = 1', [id]);
  return row ? toGateway(row) : null;
}

export function* enabledGateways(): Work<Gateway[]> {
  return (yield* read('SELECT * FROM gateway WHERE enabled = 1 ORDER BY id')).map(toGateway);
}

/** Remembers what `bridge/state` says; `online` opens a new epoch, after which the first state of each device is a snapshot. */
export function setGatewayOnline(writes: Writes, gatewayId: number, online: boolean, now: number): void {
  const state = { online: online ? 1 : 0, last_seen_at: now };
  writes.update('gateway', { id: gatewayId }, online ? { ...state, online_at: now } : state);
}
