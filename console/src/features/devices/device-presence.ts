import type { Device } from '../../api/devices.ts';

/** A device is taken for offline after a day without any message (the standard, 4.3.3: activity of devices). */
const OFFLINE_AFTER_MS = 24 * 3_600_000;

export type Presence = 'online' | 'offline' | 'never';

/** The gateway's word counts; without one, the age of the last message. */
export function presenceOf(device: Device, at: number): Presence {
  if (device.lastSeenAt === null) return 'never';
  return device.online === false || at - device.lastSeenAt > OFFLINE_AFTER_MS ? 'offline' : 'online';
}
