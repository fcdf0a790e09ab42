import type { StoredProperty } from '#engine/store/device-store.ts';
import { isActive, isLifeSafety, readProperty, STATE_PROPERTIES, type Scalar } from './capabilities.ts';

export interface DeviceEvent {
  capability: string;
  value: Scalar;
  previous: Scalar;
  changed: boolean;
  /** `rise` = into the state that matters (open, occupied, smoke …), `fall` = out of it. */
  edge: 'rise' | 'fall' | 'none';
  /** State as the gateway had it cached, not something that happens now. */
  snapshot: boolean;
  test: boolean;
  /** Raised by the engine itself when no flow acknowledges it in time. */
  lifeSafety: boolean;
  deviceAt: number | null;
}

export interface Normalised {
  events: DeviceEvent[];
  /** Last values to store. */
  properties: { name: string; value: Scalar }[];
  deviceAt: number | null;
}

export interface NormaliseInput {
  payload: Record<string, unknown>;
  profile: string;
  known: ReadonlyMap<string, StoredProperty>;
  /** First message after the gateway came online, or retained: what it says may be old. */
  replay: boolean;
  now: number;
}

const DAY_MS = 86_400_000;

/** One zigbee2mqtt state message → events per capability and the new last values. Pure. */
export function normalise({ payload, profile, known, replay, now }: NormaliseInput): Normalised {
  const deviceAt = deviceTime(payload['last_seen'], now);
  const test = payload['test'] === true;
  const events: DeviceEvent[] = [];
  const properties: Normalised['properties'] = [];
  for (const [name, raw] of Object.entries(payload)) {
    const stored = known.get(name);
    if (isStale(deviceAt, stored)) continue;
    const reading = readProperty(profile, name, raw);
    if (!reading) {
      if (STATE_PROPERTIES.has(name) && isScalar(raw) && stored?.value !== raw) properties.push({ name, value: raw });
      continue;
    }
    const previous = reading.momentary ? null : ((stored?.value ?? null) as Scalar);
    const changed = reading.momentary || stored === undefined || previous !== reading.value;
    // A test leaves the last value alone: the real smoke after it must still be a rising edge.
    if (changed && !reading.momentary && !test) properties.push({ name, value: reading.value });
    const event = toEvent(reading, { previous, changed, known: stored !== undefined, replay, test, deviceAt });
    if (event) events.push(event);
  }
  return { events, properties, deviceAt };
}

interface Circumstances {
  previous: Scalar;
  changed: boolean;
  known: boolean;
  replay: boolean;
  test: boolean;
  deviceAt: number | null;
}

function toEvent(reading: { capability: string; value: Scalar; momentary: boolean }, seen: Circumstances): DeviceEvent | null {
  const { capability, value, momentary } = reading;
  const active = momentary || isActive(capability, value);
  const wasActive = !momentary && seen.known && isActive(capability, seen.previous);
  const rising = active && !wasActive;
  // A replayed alarm that differs from what we last heard rang while we could not hear it: that is news, not a snapshot.
  const missed = rising && seen.known && isLifeSafety(capability);
  // A button press is never cached by the gateway; only a retained one is old.
  const snapshot = seen.replay && !momentary && !missed;
  if (snapshot ? !seen.changed : !seen.changed && !active) return null;
  return {
    capability,
    value,
    previous: seen.previous,
    changed: seen.changed,
    edge: snapshot ? 'none' : edgeOf(active, wasActive),
    snapshot,
    test: seen.test,
    lifeSafety: rising && isLifeSafety(capability) && !snapshot && !seen.test,
    deviceAt: seen.deviceAt,
  };
}

const edgeOf = (active: boolean, wasActive: boolean): DeviceEvent['edge'] => (active === wasActive ? 'none' : active ? 'rise' : 'fall');

/** Late telemetry must not overwrite what the device said afterwards. */
function isStale(deviceAt: number | null, stored: StoredProperty | undefined): boolean {
  return deviceAt !== null && stored?.deviceAt !== null && stored?.deviceAt !== undefined && deviceAt < stored.deviceAt;
}

/** zigbee2mqtt's `last_seen`: ISO 8601 or epoch ms, by its configuration; unbelievable clocks are ignored. */
function deviceTime(value: unknown, now: number): number | null {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) && at > now - 30 * DAY_MS && at < now + DAY_MS / 24 ? Math.trunc(at) : null;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'boolean' || typeof value === 'number' || (typeof value === 'string' && value.length <= 200);
}
