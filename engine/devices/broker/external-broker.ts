import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import type { Logger } from '#engine/log.ts';
import { enabledGateways, type Gateway } from '#engine/store/gateway-store.ts';
import { isUnder } from '../ingest/message.ts';
import type { BrokerContext } from './embedded-broker.ts';

/** Gateways registered while we run are subscribed to this soon. */
const GATEWAYS_FRESH_MS = 15_000;
const RECONNECT_MS = 1000;

export interface ExternalBrokerOptions {
  /** `mqtt://user:password@host:1883` or `mqtts://…` */
  url: string;
  /** Fixed per installation: the broker keeps what came while we were away under this name. */
  clientId: string;
}

export interface ExternalBroker {
  /** Resolves when the first connection is up and subscribed. */
  ready: Promise<void>;
  send(topic: string, payload: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads device messages from a broker that others run (Mosquitto, EMQX). Durable: clean=false, QoS 1, and PUBACK is sent
 * only after COMMIT. When the database is down the connection is dropped and the broker delivers again.
 * One engine node per broker: two would read every message twice.
 */
export function startExternalBroker(context: BrokerContext, { url, clientId }: ExternalBrokerOptions): ExternalBroker {
  const { ingest, metrics, log, store } = context;
  const ready = Promise.withResolvers<void>();
  let gateways: Gateway[] = [];
  const client = mqtt.connect(url, { clientId, clean: false, reconnectPeriod: RECONNECT_MS, resubscribe: false, manualConnect: true });

  client.handleMessage = (packet, acknowledge) => {
    accept(packet).then(
      () => acknowledge(),
      (error: unknown) => {
        metrics.storeFailures++;
        log.error({ err: error, topic: packet.topic }, 'a device message could not be stored; the broker will send it again');
        client.stream.destroy();
      },
    );
  };

  async function accept(packet: IPublishPacket): Promise<void> {
    const gateway = gatewayOf(gateways, packet.topic) ?? gatewayOf(await readGateways(), packet.topic);
    if (!gateway) {
      metrics.refused++;
      return;
    }
    const { topic, messageId: packetId = 0, dup, retain: retained } = packet;
    await ingest.accept({ gateway, clientId, packetId, dup, retained, topic, payload: Buffer.from(packet.payload) });
  }

  async function readGateways(): Promise<Gateway[]> {
    return (gateways = await store.query(enabledGateways()));
  }

  async function subscribe(): Promise<void> {
    const known = new Set(gateways.map(({ baseTopic }) => baseTopic));
    const fresh = (await readGateways()).filter(({ baseTopic }) => !known.has(baseTopic));
    if (fresh.length > 0) await client.subscribeAsync(fresh.map(({ baseTopic }) => `${baseTopic}/#`), { qos: 1 });
  }

  const refresh = (): void => {
    if (!client.connected) return;
    subscribe().then(ready.resolve, (error: unknown) => {
      gateways = [];
      log.warn({ err: error }, 'the gateways of the external broker could not be subscribed; trying again');
    });
  };
  client.on('connect', () => {
    gateways = [];
    refresh();
  });
  logTrouble(client, log);
  const timer = setInterval(refresh, GATEWAYS_FRESH_MS);
  client.connect();

  return {
    ready: ready.promise,
    send: async (topic, payload) => void (await client.publishAsync(topic, payload, { qos: 1 })),
    async close() {
      clearInterval(timer);
      await client.endAsync(true);
    },
  };
}

function gatewayOf(gateways: Gateway[], topic: string): Gateway | undefined {
  const under = gateways.filter(({ baseTopic }) => isUnder(baseTopic, topic));
  return under.sort((a, b) => b.baseTopic.length - a.baseTopic.length)[0];
}

function logTrouble(client: MqttClient, log: Logger): void {
  let isDown = false;
  client.on('error', (error) => log.warn({ err: error }, 'the external broker refused or broke the connection'));
  client.on('close', () => {
    if (!isDown) log.warn('the connection to the external broker is down; reconnecting');
    isDown = true;
  });
  client.on('connect', () => {
    if (isDown) log.info('the connection to the external broker is up again');
    isDown = false;
  });
}
