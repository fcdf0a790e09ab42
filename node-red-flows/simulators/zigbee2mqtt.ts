import mqtt, { type MqttClient } from 'mqtt';

/**
 * A zigbee2mqtt gateway with the demo's six devices, as it looks on the wire: full cached state in every message,
 * `bridge/state` as will, the replay of all states at start, the empty action after a press.
 */
export interface SimulatedGateway {
  client: MqttClient;
  openDoor(): Promise<void>;
  closeDoor(): Promise<void>;
  move(): Promise<void>;
  smoke(on: boolean, test?: boolean): Promise<void>;
  leak(on: boolean): Promise<void>;
  fall(status: 'none' | 'maybe_fall' | 'fall'): Promise<void>;
  pressSos(action?: 'emergency' | 'panic' | 'sos' | 'single' | 'double' | 'hold'): Promise<void>;
  /** A state report of any device: the given properties over the cached ones. Resolves at PUBACK. */
  report(name: string, changes: Record<string, unknown>): Promise<void>;
  /** Ends as `docker stop` would: offline is published. */
  stop(): Promise<void>;
}

export interface SimulatorOptions {
  /** `mqtt://127.0.0.1:1883` */
  url: string;
  username?: string;
  password?: string;
  baseTopic?: string;
  clientId?: string;
  /** `cache_state_send_on_startup` of zigbee2mqtt, on by default there and here. */
  replay?: boolean;
}

const INITIAL: Record<string, Record<string, unknown>> = {
  'door-001': { battery: 97, contact: true, device_temperature: 24, linkquality: 156, power_outage_count: 3, voltage: 2985 },
  'motion-001': { battery: 100, illuminance: 14, linkquality: 120, occupancy: false, voltage: 3042 },
  'smoke-001': { battery: 100, linkquality: 98, smoke: false, smoke_density: 0, test: false, voltage: 3225 },
  'leak-001': { battery: 99, battery_low: false, linkquality: 110, tamper: false, voltage: 3005, water_leak: false },
  'fall-001': { fall_down_status: 'none', linkquality: 200, presence: true, static_dwell_alarm: 'none', tumble_switch: true },
  'sos-001': { battery: 88, linkquality: 90, voltage: 2900 },
};

export async function connectSimulator(options: SimulatorOptions): Promise<SimulatedGateway> {
  const { url, username, password, baseTopic = 'zigbee2mqtt', clientId = 'zigbee2mqtt-simulator', replay = true } = options;
  const states = structuredClone(INITIAL);
  const client = await mqtt.connectAsync(url, {
    clientId,
    clean: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    will: { topic: `${baseTopic}/bridge/state`, payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
  });

  const publish = async (topic: string, payload: unknown, retain = false): Promise<void> => {
    await client.publishAsync(`${baseTopic}/${topic}`, typeof payload === 'string' ? payload : JSON.stringify(payload), { qos: 1, retain });
  };
  async function report(name: string, changes: Record<string, unknown>): Promise<void> {
    const { action, ...cached } = changes;
    states[name] = { ...states[name], ...cached };
    // Actions are never cached.
    await publish(name, action === undefined ? states[name] : { ...states[name], action });
  }

  await publish('bridge/state', { state: 'online' }, true);
  await publish('bridge/info', { version: '2.12.1', coordinator: { type: 'EmberZNet' } }, true);
  if (replay) for (const name of Object.keys(states)) await publish(name, states[name]);

  return {
    client,
    report,
    openDoor: () => report('door-001', { contact: false }),
    closeDoor: () => report('door-001', { contact: true }),
    async move() {
      await report('motion-001', { occupancy: true });
      await report('motion-001', { occupancy: false });
    },
    smoke: (on, test = false) => report('smoke-001', { smoke: on, smoke_density: on ? 42 : 0, test }),
    leak: (on) => report('leak-001', { water_leak: on }),
    fall: (status) => report('fall-001', { fall_down_status: status }),
    async pressSos(action = 'emergency') {
      await report('sos-001', { action });
      await report('sos-001', { action: '' });
    },
    async stop() {
      await publish('bridge/state', { state: 'offline' }, true);
      await client.endAsync();
    },
  };
}
