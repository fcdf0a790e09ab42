import { isBelow, scopeOf } from '#engine/identity/scope.ts';
import { elderCards } from '#engine/registers/elders.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { listDevices, propertiesOf } from '#engine/store/device-store.ts';
import type { Row, Work } from '#engine/store/unit-of-work.ts';

const MAX_DEVICES = 500;

export const deviceRoutes = ({ store }: { store: { query<T>(work: Work<T>): Promise<T>; clock: { now(): number } } }): Route[] => [
  route({
    id: 'api.device.list',
    method: 'GET',
    path: '/api/devices',
    summary: 'Devices below the areas of the caller, with their last values.',
    handler: ({ principal, locale }) =>
      store.query(
        (function* () {
          const devices = yield* listDevices(scopeOf(principal), MAX_DEVICES);
          const properties = yield* propertiesOf(devices.map((device) => Number(device.id)));
          const ids = devices.flatMap((device) => (device.elder_id === null ? [] : [String(device.elder_id)]));
          const { tenant, areas } = scopeOf(principal);
          const elders = yield* elderCards(tenant, ids, { roles: principal.roles, now: store.clock.now(), locale });
          /** The elder of a device may have moved out of the caller's areas. */
          const nameOf = (id: unknown): string | null => {
            const elder = elders.get(String(id));
            return elder && areas.some((area) => isBelow(elder.area, area)) ? elder.name : null;
          };
          return { body: { items: devices.map((device) => ({ ...present(device, properties), elderName: nameOf(device.elder_id) })) } };
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
