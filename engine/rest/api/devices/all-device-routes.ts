import type { Devices } from '#engine/devices/devices.ts';
import type { Route } from '#engine/rest/route.ts';
import type { Store } from '#engine/store/open-store.ts';
import { alertRoutes } from '../alerts/routes.ts';
import { deviceEventRoutes } from '../device-events/routes.ts';
import { inboxRoutes } from '../inbox/routes.ts';
import { deviceRoutes } from './routes.ts';

/** Everything about devices, for `AppContext.extraRoutes`. */
export function allDeviceRoutes({ devices, store }: { devices: Devices; store: Store }): Route[] {
  return [...alertRoutes({ devices, now: () => store.clock.now() }), ...deviceEventRoutes({ devices }), ...deviceRoutes({ store }), ...inboxRoutes({ devices, store })];
}
