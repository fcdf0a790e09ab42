import { read, type Row, type Work, type Writes } from './unit-of-work.ts';

export interface GatewayInput {
  tenant: string;
  area: string;
  name: string;
  /** MQTT user name, unique in the installation. */
  account: string;
  /** argon2 hash, from `passwords.hash` of the identity room. */
  passwordHash: string;
  /** e.g. `zigbee2mqtt`; unique in the installation, since an external broker tells gateways apart by topic only. */
  baseTopic: string;
}

export interface DeviceInput {
  tenant: string;
  area: string;
  /** Unique in the district, e.g. `HX-DOOR-001`. */
  code: string;
  name: string;
  /** What the device is: `door`, `motion`, `smoke`, `leak`, `fall`, `sos`, … Decides nothing by itself: its properties do. */
  profile: string;
  model?: string | null;
  /** Where in the home it hangs, e.g. `卧室`. */
  location?: string | null;
  gatewayId: number;
  /** The name below the gateway's base topic: zigbee2mqtt's friendly name. */
  address: string;
  elderId?: string | null;
}

interface Ids {
  next(): number;
}

/** Registers a gateway by its account, or changes the one that has it. Returns its id; a new one is usable by later writes of the same unit. */
export function* upsertGateway(writes: Writes, ids: Ids, now: number, input: GatewayInput): Work<number> {
  const [found] = yield* read('SELECT id FROM gateway WHERE account = ?', [input.account]);
  const set = { tenant: input.tenant, area: input.area, name: input.name, password_hash: input.passwordHash, base_topic: input.baseTopic };
  if (found) {
    writes.update('gateway', { id: found.id! }, set);
    return Number(found.id);
  }
  const id = ids.next();
  writes.insert('gateway', { id, account: input.account, ...set, enabled: 1, online: 0, online_at: 0, last_seen_at: null, created_at: now });
  return id;
}

/** Registers a device by (tenant, code), or changes the one that has it: name, place, binding to an elder. Returns its id. */
export function* upsertDevice(writes: Writes, ids: Ids, now: number, input: DeviceInput): Work<number> {
  const [found] = yield* read('SELECT id FROM device WHERE tenant = ? AND code = ?', [input.tenant, input.code]);
  const set = {
    area: input.area,
    name: input.name,
    profile: input.profile,
    model: input.model ?? null,
    location: input.location ?? null,
    gateway_id: input.gatewayId,
    address: input.address,
    elder_id: input.elderId ?? null,
  };
  if (found) {
    writes.update('device', { id: found.id! }, set);
    return Number(found.id);
  }
  const id = ids.next();
  const lifecycle = { enabled: 1, online: null, last_seen_at: null, synced_at: 0, created_at: now };
  writes.insert('device', { id, tenant: input.tenant, code: input.code, ...set, ...lifecycle });
  return id;
}

export interface DeviceRow {
  id: number;
  tenant: string;
  area: string;
  code: string;
  name: string;
  profile: string;
  location: string | null;
  elderId: string | null;
  lastSeenAt: number | null;
  syncedAt: number;
}

export interface StoredProperty {
  value: unknown;
  deviceAt: number | null;
}

/** A device with its last known values, as one message needs it. */
export interface KnownDevice {
  device: DeviceRow;
  properties: Map<string, StoredProperty>;
  /** When the device's gateway last said that it came online. */
  gatewayOnlineAt: number;
}

export const toDevice = (row: Row): DeviceRow => ({
  id: Number(row.id),
  tenant: String(row.tenant),
  area: String(row.area),
  code: String(row.code),
  name: String(row.name),
  profile: String(row.profile),
  location: row.location === null ? null : String(row.location),
  elderId: row.elder_id === null ? null : String(row.elder_id),
  lastSeenAt: row.last_seen_at === null ? null : Number(row.last_seen_at),
  syncedAt: Number(row.synced_at),
});

/** One round trip: the device at this address of the gateway, with its properties. Null when unknown or disabled. */
export function* findDevice(gatewayId: number, address: string): Work<KnownDevice | null> {
  const rows = yield* read(
    `SELECT d.*, g.online_at AS gateway_online_at, p.name AS property, p.value AS property_value, p.device_at AS property_device_at
       FROM device d JOIN gateway g ON g.id = d.gateway_id LEFT JOIN device_property p ON p.device_id = d.id
      WHERE d.gateway_id = ? AND d.address = ? AND d.enabled = 1`,
    [gatewayId, address],
  );
  const [first] = rows;
  if (!first) return null;
  const properties = new Map<string, StoredProperty>();
  for (const row of rows) {
    if (row.property === null) continue;
    const deviceAt = row.property_device_at === null ? null : Number(row.property_device_at);
    properties.set(String(row.property), { value: JSON.parse(String(row.property_value)), deviceAt });
  }
  return { device: toDevice(first), properties, gatewayOnlineAt: Number(first.gateway_online_at) };
}

export function* deviceByCode(tenant: string, code: string): Work<DeviceRow | null> {
  const [row] = yield* read('SELECT * FROM device WHERE tenant = ? AND code = ?', [tenant, code]);
  return row ? toDevice(row) : null;
}

export function* deviceById(id: number): Work<DeviceRow | null> {
  const [row] = yield* read('SELECT device.* FROM device WHERE id = ?', [id]);
  return row ? toDevice(row) : null;
}

export function saveProperty(writes: Writes, deviceId: number, name: string, value: unknown, deviceAt: number | null, now: number): void {
  writes.upsert('device_property', { device_id: deviceId, name }, { value: JSON.stringify(value), device_at: deviceAt, changed_at: now });
}

/** The devices below the area paths, with gateway state, for the console's list. */
export function* listDevices(scope: { tenant: string; areas: string[] }, limit: number): Work<Row[]> {
  if (scope.areas.length === 0) return [];
  const inAreas = scope.areas.map(() => '(d.area = ? OR d.area LIKE ?)').join(' OR ');
  return yield* read(
    `SELECT d.*, g.name AS gateway_name, g.online AS gateway_online FROM device d JOIN gateway g ON g.id = d.gateway_id
      WHERE d.tenant = ? AND (${inAreas}) ORDER BY d.code LIMIT ?`,
    [scope.tenant, ...scope.areas.flatMap((area) => [area, `${area}/%`]), limit],
  );
}

export function* propertiesOf(deviceIds: number[]): Work<Row[]> {
  if (deviceIds.length === 0) return [];
  return yield* read(`SELECT device_id, name, value, changed_at FROM device_property WHERE device_id IN (${deviceIds.map(() => '?').join(', ')})`, deviceIds);
}
