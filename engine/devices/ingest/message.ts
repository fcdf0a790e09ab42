import { createHash } from 'node:crypto';
import type { Gateway } from '#engine/store/gateway-store.ts';

/** Larger device payloads are refused; no sensor sends them. Unit: bytes. */
export const MAX_PAYLOAD = 64 * 1024;

/** A PUBLISH as it came in, from either broker. */
export interface DeviceMessage {
  gateway: Gateway;
  clientId: string;
  /** 0 with QoS 0. */
  packetId: number;
  dup: boolean;
  /** Delivered from the external broker's retained store; on the embedded broker a publisher's retain flag says nothing. */
  retained: boolean;
  topic: string;
  payload: Buffer;
}

export type Addressed =
  | { kind: 'state'; address: string }
  | { kind: 'availability'; address: string }
  | { kind: 'gateway-state' }
  /** bridge/devices, bridge/logging, …/set: nothing for us, acknowledged. */
  | { kind: 'ignored' };

/** What the topic is about, below the gateway's base topic. A friendly name may contain slashes. */
export function addressOf(baseTopic: string, topic: string): Addressed {
  const below = topic.slice(baseTopic.length + 1);
  if (below === 'bridge/state') return { kind: 'gateway-state' };
  if (below === '' || below === 'bridge' || below.startsWith('bridge/')) return { kind: 'ignored' };
  const slash = below.lastIndexOf('/');
  const last = below.slice(slash + 1);
  if (slash > 0 && last === 'availability') return { kind: 'availability', address: below.slice(0, slash) };
  if (slash > 0 && (last === 'set' || last === 'get')) return { kind: 'ignored' };
  return { kind: 'state', address: below };
}

export const isUnder = (baseTopic: string, topic: string): boolean => topic.startsWith(`${baseTopic}/`) && topic.length > baseTopic.length + 1;

/** The same packet sent again has the same fingerprint; the client's next packet has not (architecture §7, Identity). */
export function fingerprint(message: Pick<DeviceMessage, 'clientId' | 'packetId' | 'topic' | 'payload'>): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([message.clientId, message.packetId, message.topic]));
  hash.update(message.payload);
  return hash.digest('hex').slice(0, 40);
}

/** Event id: by what the device says happened when it says when, else by the row. */
export function eventKey(rowId: number, event: { deviceId: number; capability: string; deviceAt: number | null; value: unknown }): string {
  if (event.deviceAt === null) return `row:${rowId}`;
  const told = JSON.stringify([event.deviceId, event.capability, event.deviceAt, event.value]);
  return `told:${createHash('sha256').update(told).digest('hex').slice(0, 40)}`;
}

/** Parses a state payload; null when it is not a JSON object. */
export function parseState(payload: Buffer): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(payload.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** `online`/`offline` as plain text (legacy) or `{"state": …}`. Null when neither. */
export function parseOnline(payload: Buffer): boolean | null {
  const state = parseState(payload)?.['state'] ?? payload.toString('utf8', 0, 20).trim();
  if (state === 'online') return true;
  return state === 'offline' ? false : null;
}
