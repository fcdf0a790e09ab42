/** Property names and value enums of zigbee2mqtt devices, as their converters' `exposes` declare them. */
export type Scalar = string | number | boolean | null;

/** What one property of a payload says, in the engine's words. */
export interface Reading {
  /** Key of the stored last value; readings of one message have different ones. */
  property: string;
  capability: string;
  value: Scalar;
  /** A button press has no state: every message is an event of its own. */
  momentary: boolean;
}

/** Values that mean "something is going on"; the way into them is the rising edge. */
const ACTIVE: Record<string, (value: Scalar) => boolean> = {
  // `false` = open: 128 of 131 contact definitions say so.
  contact: (value) => value === false,
  fall: (value) => value === 'fall',
};

export const isActive = (capability: string, value: Scalar): boolean => ACTIVE[capability]?.(value) ?? value === true;

const LIFE_SAFETY = new Set(['sos', 'fall', 'smoke', 'gas', 'co']);
export const isLifeSafety = (capability: string): boolean => LIFE_SAFETY.has(capability);

/** Reported only as state: wanted on the device's page, never by a flow. */
export const STATE_PROPERTIES: ReadonlySet<string> = new Set([
  'battery', 'battery_low', 'tamper', 'voltage', 'linkquality', 'temperature', 'humidity', 'pressure', 'illuminance',
  'power', 'energy', 'current', 'smoke_density', 'gas_density', 'target_distance', 'state', 'position',
]);

/** Measurements of the body are events when they change; thresholds per elder are a flow's or a decision table's matter. */
const VITALS = new Set(['heart_rate', 'breathing_rate', 'spo2', 'systolic', 'diastolic', 'body_temperature', 'blood_glucose']);

const BINARY: Record<string, string> = {
  smoke: 'smoke',
  gas: 'gas',
  carbon_monoxide: 'co',
  water_leak: 'water_leak',
  presence: 'presence',
  // Two devices report SOS as a binary; it is cached by the gateway, so only its edge counts.
  sos: 'sos',
};

/** Three fall radars, three enums. A value that is not listed (`unknown`, other `status` words) says nothing. */
const FALL: Record<string, Record<string, string>> = {
  fall_down_status: { none: 'none', maybe_fall: 'warning', fall: 'fall' },
  fall_status: { normal: 'none', fall_warning: 'warning', fall_alarm: 'fall' },
};

const SOS_ACTIONS = new Set(['emergency', 'panic', 'sos']);
const SOS_BUTTON_ACTIONS = new Set(['single', 'double', 'hold', 'on']);

/**
 * One property of a payload, or null when it says nothing. A property is known by its name *and* its value's type:
 * `gas` is a leak as a boolean, but cubic metres on a meter.
 */
export function readProperty(profile: string, name: string, value: unknown): Reading | null {
  if (name === 'action') return readAction(profile, value);
  if (name === 'status') return readStatus(profile, value);
  if (FALL[name]) {
    const fall = typeof value === 'string' ? FALL[name][value] : undefined;
    return fall === undefined ? null : { property: name, capability: 'fall', value: fall, momentary: false };
  }
  if (name === 'contact' && typeof value === 'boolean') {
    const contact = profile === 'door-inverted' ? !value : value;
    return { property: name, capability: 'contact', value: contact, momentary: false };
  }
  if (name === 'occupancy' && typeof value === 'boolean')
    return { property: name, capability: profile === 'bed' ? 'bed' : 'motion', value, momentary: false };
  if (BINARY[name] && typeof value === 'boolean') return { property: name, capability: BINARY[name], value, momentary: false };
  if (VITALS.has(name) && typeof value === 'number') return { property: name, capability: name, value, momentary: false };
  return null;
}

function readAction(profile: string, value: unknown): Reading | null {
  // The empty action is the gateway taking the last one back.
  if (typeof value !== 'string' || value === '') return null;
  const sos = SOS_ACTIONS.has(value) || (profile === 'sos' && SOS_BUTTON_ACTIONS.has(value));
  return { property: 'action', capability: sos ? 'sos' : 'button', value, momentary: true };
}

function readStatus(profile: string, value: unknown): Reading | null {
  if (typeof value !== 'string') return null;
  if (value === 'falling') return { property: 'status', capability: 'fall', value: 'fall', momentary: false };
  return profile === 'fall' ? { property: 'status', capability: 'fall', value: 'none', momentary: false } : null;
}
