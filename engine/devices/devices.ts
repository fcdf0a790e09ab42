import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#engine/log.ts';
import type { RuntimeService } from '#engine/services/contract.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { AlertChange } from './alerts/alert-context.ts';
import { createAlerts, type Alerts } from './alerts/alerts.ts';
import type { Surroundings } from './alerts/surroundings.ts';
import { startEmbeddedBroker } from './broker/embedded-broker.ts';
import { startExternalBroker } from './broker/external-broker.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createIngest, type Ingest } from './ingest/ingest.ts';
import { replayInbox } from './ingest/replay.ts';
import { createDeviceMetrics, type DeviceMetrics } from './metrics.ts';
import { createWaiters } from './waiters.ts';
import { createWatchdog } from './watchdog.ts';

export interface DevicesContext {
  store: Store;
  runtime: Pick<RuntimeService, 'startWork' | 'correlateWork'>;
  surroundings: Surroundings;
  publish: (change: AlertChange) => void;
  dataDir: string;
  log: Logger;
}

export interface BrokerSettings {
  host: string;
  /** 0 = no embedded broker. */
  mqttPort: number;
  mqttUrl: string | null;
}

export interface Devices {
  ingest: Ingest;
  inbox: Inbox;
  alerts: Alerts;
  metrics: DeviceMetrics;
  replay(id: number, scope: { tenant: string; areas: string[] }): Promise<{ events: number }>;
  /** Starts the broker (or the client of an external one) and the watchdog. Resolves when messages are taken. @throws listen errors */
  start(settings: BrokerSettings): Promise<{ mqttPort: number | null }>;
  /** Takes no more messages; what was acknowledged is in the database. */
  stop(): Promise<void>;
}

/** The device side of the engine: broker → inbox → leases, alerts and the watchdog. Works at once; `start` opens it to gateways. */
export function createDevices(context: DevicesContext): Devices {
  const { store, runtime, log } = context;
  const metrics = createDeviceMetrics();
  const waiters = createWaiters();
  const ingestContext = { store, metrics, wake: waiters.wake };
  const ingest = createIngest(ingestContext);
  const alerts = createAlerts({ store, runtime, surroundings: context.surroundings, publish: context.publish, handled: waiters.wake, log });
  const watchdog = createWatchdog({ store, alerts, metrics, log });
  let closeBroker: () => Promise<void> = () => Promise.resolve();
  return {
    ingest,
    alerts,
    metrics,
    inbox: createInbox({ store, runtime, waiters }),
    replay: (id, scope) => replayInbox(ingestContext, id, scope),

    async start({ host, mqttPort, mqttUrl }) {
      watchdog.start();
      const brokerContext = { store, ingest, metrics, log };
      if (mqttUrl) {
        const external = startExternalBroker(brokerContext, { url: mqttUrl, clientId: await clientIdOf(context.dataDir) });
        closeBroker = () => external.close();
        return { mqttPort: null };
      }
      if (mqttPort === 0) return { mqttPort: null };
      const broker = await startEmbeddedBroker(brokerContext, { host, port: mqttPort });
      closeBroker = () => broker.close();
      return { mqttPort: broker.port };
    },

    async stop() {
      await closeBroker();
      waiters.wake();
      await watchdog.stop();
    },
  };
}

/** Made once per data directory, so that the external broker knows us again after a restart. */
async function clientIdOf(dataDir: string): Promise<string> {
  const file = join(dataDir, 'mqtt-client-id');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const clientId = `songbai-${randomBytes(6).toString('hex')}`;
    await writeFile(file, clientId, { mode: 0o600 });
    return clientId;
  }
}
