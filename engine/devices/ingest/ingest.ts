import { setGatewayOnline, type Gateway } from '#engine/store/gateway-store.ts';
import { findDevice, saveProperty, type KnownDevice } from '#engine/store/device-store.ts';
import { hasQuarantineRoom, insertEvent, wasStored, type NewInboxRow } from '#engine/store/inbox-store.ts';
import type { Batcher, Work, Writes } from '#engine/store/unit-of-work.ts';
import type { DeviceMetrics } from '../metrics.ts';
import { addressOf, eventKey, fingerprint, MAX_PAYLOAD, parseOnline, parseState, type DeviceMessage } from './message.ts';
import { normalise } from './normalise.ts';

export interface IngestContext {
  store: { batcher: Batcher; clock: { now(): number }; ids: { next(): number } };
  metrics: DeviceMetrics;
  /** Called after COMMIT when there is something to lease. */
  wake: () => void;
}

export interface Ingest {
  /** Resolves when the message is committed (or known to be): only then may it be acknowledged. Rejects when the database does not take it. */
  accept(message: DeviceMessage): Promise<void>;
}

/** A re-sent packet is recognised this long. */
const DUPLICATE_WINDOW_MS = 10 * 60_000;
const QUARANTINED_RAW = 4096;
/** `last_seen_at` is for people; a write per message would be for nobody. */
const SEEN_EVERY_MS = 30_000;

export function createIngest(context: IngestContext): Ingest {
  // A device's message after `bridge/state` must see what it changed, also while both are on their way.
  const gatewayStates = new Map<number, Promise<void>>();
  return {
    async accept(message) {
      context.metrics.received++;
      const addressed = addressOf(message.gateway.baseTopic, message.topic);
      if (addressed.kind === 'ignored') return;
      if (addressed.kind === 'gateway-state') {
        const change = acceptGatewayState(context, message);
        gatewayStates.set(message.gateway.id, change.catch(() => undefined));
        return await change;
      }
      await gatewayStates.get(message.gateway.id);
      const options = { key: `device:${message.gateway.id}/${addressed.address}`, name: 'ingest-device-message' };
      const outcome = await context.store.batcher.run(options, (writes) =>
        addressed.kind === 'availability' ? acceptAvailability(context, writes, message, addressed.address) : acceptState(context, writes, message, addressed.address),
      );
      count(context.metrics, outcome);
    },
  };
}

type Outcome = { kind: 'stored'; events: number } | { kind: 'duplicate' | 'malformed' | 'oversized' | 'unknown-device' | 'dropped' };

function count(metrics: DeviceMetrics, outcome: Outcome): void {
  if (outcome.kind === 'stored') metrics.events += outcome.events;
  if (outcome.kind === 'duplicate') metrics.duplicates++;
  if (outcome.kind === 'malformed') metrics.malformed++;
  if (outcome.kind === 'oversized') metrics.oversized++;
  if (outcome.kind === 'unknown-device') metrics.unknownDevice++;
  if (outcome.kind === 'dropped') metrics.dropped++;
}

function acceptGatewayState({ store }: IngestContext, message: DeviceMessage): Promise<void> {
  const online = parseOnline(message.payload);
  if (online === null) return Promise.resolve();
  return store.batcher.run({ key: `gateway:${message.gateway.id}`, name: 'gateway-state' }, function* (writes) {
    setGatewayOnline(writes, message.gateway.id, online, store.clock.now());
  });
}

function* acceptAvailability(context: IngestContext, writes: Writes, message: DeviceMessage, address: string): Work<Outcome> {
  const online = parseOnline(message.payload);
  const found = yield* findDevice(message.gateway.id, address);
  if (!found || online === null) return { kind: 'stored', events: 0 };
  const seen = online ? { last_seen_at: context.store.clock.now() } : {};
  writes.update('device', { id: found.device.id }, { online: online ? 1 : 0, ...seen });
  return { kind: 'stored', events: 0 };
}

function* acceptState(context: IngestContext, writes: Writes, message: DeviceMessage, address: string): Work<Outcome> {
  const now = context.store.clock.now();
  const print = fingerprint(message);
  if (message.dup && (yield* wasStored(print, now - DUPLICATE_WINDOW_MS))) return { kind: 'duplicate' };
  const found = yield* findDevice(message.gateway.id, address);
  const payload = message.payload.length > MAX_PAYLOAD ? null : parseState(message.payload);
  const problem = message.payload.length > MAX_PAYLOAD ? 'oversized' : !found ? 'unknown-device' : !payload ? 'malformed' : null;
  if (problem || !found || !payload) return yield* quarantine(context, writes, { message, address, found, print, problem: problem!, now });
  return storeEvents(context, writes, { message, found, payload, print, now });
}

function storeEvents(
  context: IngestContext,
  writes: Writes,
  { message, found, payload, print, now }: { message: DeviceMessage; found: KnownDevice; payload: Record<string, unknown>; print: string; now: number },
): Outcome {
  const { device } = found;
  const replay = message.retained || device.syncedAt < found.gatewayOnlineAt;
  const { events, properties, deviceAt } = normalise({ payload, profile: device.profile, known: found.properties, replay, now });
  for (const property of properties) saveProperty(writes, device.id, property.name, property.value, deviceAt, now);
  touch(writes, found, now);
  for (const event of events) {
    const id = context.store.ids.next();
    insertEvent(writes, {
      ...envelope(message, print, now),
      ...event,
      id,
      eventKey: eventKey(id, { deviceId: device.id, ...event }),
      tenant: device.tenant,
      area: device.area,
      deviceId: device.id,
      deviceCode: device.code,
      elderId: device.elderId,
      raw: message.payload.toString('utf8'),
      status: 'new',
      error: null,
    });
  }
  if (events.length > 0) writes.afterCommit(context.wake);
  return { kind: 'stored', events: events.length };
}

function touch(writes: Writes, { device, gatewayOnlineAt }: KnownDevice, now: number): void {
  const isSynced = device.syncedAt >= gatewayOnlineAt;
  if (isSynced && device.lastSeenAt !== null && now - device.lastSeenAt < SEEN_EVERY_MS) return;
  writes.update('device', { id: device.id }, { last_seen_at: now, ...(isSynced ? {} : { synced_at: Math.max(now, gatewayOnlineAt) }) });
}

/** A message that was quarantined, as if it came now. Null when it still names no device or holds no state. */
export function* acceptRaw(
  context: IngestContext,
  writes: Writes,
  { gateway, topic, raw, now }: { gateway: Gateway; topic: string; raw: string; now: number },
): Work<number | null> {
  const addressed = addressOf(gateway.baseTopic, topic);
  const found = addressed.kind === 'state' ? yield* findDevice(gateway.id, addressed.address) : null;
  const message: DeviceMessage = { gateway, clientId: 'replay', packetId: 0, dup: false, retained: false, topic, payload: Buffer.from(raw) };
  const payload = parseState(message.payload);
  if (!found || !payload) return null;
  const outcome = storeEvents(context, writes, { message, found, payload, print: fingerprint(message), now });
  return outcome.kind === 'stored' ? outcome.events : null;
}

type Envelope = Pick<NewInboxRow, 'fingerprint' | 'gatewayId' | 'receivedAt' | 'availableAt' | 'topic'>;

const envelope = (message: DeviceMessage, print: string, now: number): Envelope => ({
  fingerprint: print,
  gatewayId: message.gateway.id,
  receivedAt: now,
  availableAt: now,
  topic: message.topic,
});

interface Refused {
  message: DeviceMessage;
  address: string;
  found: KnownDevice | null;
  print: string;
  problem: 'oversized' | 'unknown-device' | 'malformed';
  now: number;
}

/** What cannot be understood is kept for a person to see, and acknowledged: refusing it would make the gateway send it for ever. */
function* quarantine(context: IngestContext, writes: Writes, { message, address, found, print, problem, now }: Refused): Work<Outcome> {
  if (!(yield* hasQuarantineRoom(message.gateway.id))) return { kind: 'dropped' };
  const id = context.store.ids.next();
  const raw = problem === 'unknown-device' ? message.payload.toString('utf8') : message.payload.toString('utf8', 0, QUARANTINED_RAW);
  insertEvent(writes, {
    ...envelope(message, print, now),
    id,
    eventKey: `row:${id}`,
    tenant: message.gateway.tenant,
    area: found?.device.area ?? message.gateway.area,
    deviceId: found?.device.id ?? null,
    deviceCode: found?.device.code ?? address.slice(0, 190),
    elderId: found?.device.elderId ?? null,
    capability: 'unknown',
    value: null,
    previous: null,
    changed: false,
    snapshot: false,
    test: false,
    edge: 'none',
    lifeSafety: false,
    deviceAt: null,
    raw,
    status: 'quarantined',
    error: problem,
  });
  return { kind: problem };
}
