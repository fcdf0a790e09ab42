import type { Device, DeviceProperty } from '../../api/devices.ts';

/** A device is taken for offline after a day without any message (the standard, 4.3.3: activity of devices). */
const OFFLINE_AFTER_MS = 24 * 3_600_000;

/** The last values as a list, whatever form the server gave them. */
export function propertiesOf(device: Device): DeviceProperty[] {
  const { properties } = device;
  if (!properties) return [];
  if (Array.isArray(properties)) return properties;
  return Object.entries(properties).map(([capability, entry]) => {
    const isRecord = entry !== null && typeof entry === 'object' && 'value' in entry;
    return { capability, ...(isRecord ? (entry as { value: unknown }) : { value: entry }) };
  });
}

export type Presence = 'online' | 'offline' | 'never';

export function presenceOf(device: Device, at: number): Presence {
  if (!device.lastSeenAt) return 'never';
  return at - device.lastSeenAt > OFFLINE_AFTER_MS ? 'offline' : 'online';
}
