import { upsertDevice, upsertGateway } from '#engine/store/device-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { DemoElder } from './demo-elders.ts';

/** zigbee2mqtt's friendly names, as the documentation and the simulators use them. */
const DEVICES = [
  { address: 'door-001', profile: 'door', name: '入户门磁', location: '入户门', model: 'Aqara MCCGQ11LM' },
  { address: 'motion-001', profile: 'motion', name: '人体感应器', location: '客厅', model: 'Aqara RTCGQ11LM' },
  { address: 'smoke-001', profile: 'smoke', name: '烟雾报警器', location: '厨房', model: 'Heiman HS1SA' },
  { address: 'leak-001', profile: 'leak', name: '水浸传感器', location: '卫生间', model: 'Aqara SJCGQ11LM' },
  { address: 'fall-001', profile: 'fall', name: '跌倒雷达', location: '卧室', model: 'Tuya MIR-HE200-TY' },
  { address: 'sos-001', profile: 'sos', name: '紧急呼叫按钮', location: '床头', model: 'Heiman HS1EB-E' },
] as const;

export interface DemoDeviceInput {
  ids: { next(): number };
  now: number;
  /** argon2 hash of the gateway's password. */
  passwordHash: string;
  /** The elder each device is bound to, in the order of the devices. */
  elders: DemoElder[];
}

/** The demo gateway and its six devices in homes of 天塔街道. */
export function* seedDevices(writes: Writes, { ids, now, passwordHash, elders }: DemoDeviceInput): Work<void> {
  const tenant = '120103';
  const area = '120103/120103008';
  const gatewayId = yield* upsertGateway(writes, ids, now, {
    tenant,
    area,
    name: '天塔街道示范网关',
    account: 'gateway-demo',
    passwordHash,
    baseTopic: 'zigbee2mqtt',
  });
  for (const [at, device] of DEVICES.entries()) {
    const elder = elders[at % elders.length]!;
    yield* upsertDevice(writes, ids, now, { tenant, area: elder.area, code: device.address, ...device, gatewayId, elderId: elder.key });
  }
}
