import { scopeOf } from '#engine/identity/scope.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { listDevices, propertiesOf } from '#engine/store/device-store.ts';
import type { Row, Work } from '#engine/store/unit-of-work.ts';

const MAX_DEVICES = 500;

export const deviceRoutes = ({ store }: { store: { query<T>(work: Work<T>): Promise<T> } }): Route[] => [
  route({
    id: 'api.device.list',
    method: 'GET',
    path: '/api/devices',
    summary: 'Devices below the areas of the caller, with their last values.',
    handler: ({ principal }) =>
      store.query(
        (function* () {
          const devices = yield* listDevices(scopeOf(principal), MAX_DEVICES);
          const properties = yield* propertiesOf(devices.map((device) => Number(device.id)));
          return { body: { items: devices.map((device) => present(device, properties)) } };
        })(),
      ),
  }),
];

function present(device: Row, properties: Row[]): Record<string, unknown> {
  const own = properties.filter((property) => property.device_id === device.id);
  return {
    id: String(device.id),
    code: device.code,
    name: device.name,
    profile: device.profile,
    model: device.model,
    location: device.location,
    elderId: device.elder_id,
    area: device.area,
    address: device.address,
    gateway: { name: device.gateway_name, online: Number(device.gateway_online) === 1 },
    online: device.online === null ? null : Number(device.online) === 1,
    lastSeenAt: device.last_seen_at === null ? null : Number(device.last_seen_at),
    state: Object.fromEntries(own.map((property) => [String(property.name), JSON.parse(String(property.value)) as unknown])),
  };
}
