import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Logger } from '#engine/log.ts';
import { gatewayById, type Gateway } from '#engine/store/gateway-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { isUnder } from '../ingest/message.ts';
import type { DeviceMetrics } from '../metrics.ts';
import { guardFrames, MAX_PACKET } from './frame-guard.ts';
import { createGatewayLogin } from './gateway-login.ts';

const MAX_CONNECTIONS = 2000;
const MAX_PER_ACCOUNT = 4;
const CONNECT_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 20_000;
/** Changed accounts, base topics and switched-off gateways are noticed this soon on open connections. */
const GATEWAY_FRESH_MS = 10_000;

/** Starts with `$`, so that no wildcard matches it. */
const NOBODY = '$songbai/stored';

export interface BrokerContext {
  store: { query<T>(work: Work<T>): Promise<T> };
  ingest: Ingest;
  metrics: DeviceMetrics;
  log: Logger;
}

export interface BrokerOptions {
  host: string;
  /** 0 = any free port. */
  port: number;
}

export interface Broker {
  port: number;
  /** Sends a command to a device, e.g. `zigbee2mqtt/siren-001/set`, with QoS 1 to the gateway if it is connected. */
  send(topic: string, payload: string): Promise<void>;
  close(): Promise<void>;
}

interface Session {
  gateway: Gateway;
  readAt: number;
}

/**
 * The zero-install broker: MQTT 3.1.1 over TCP for gateways with an account. Durable for publishers: a QoS 1 message is
 * committed before PUBACK. When the database is down the connection closes without PUBACK and the gateway tries again.
 * @throws the listen error, e.g. EADDRINUSE
 */
export async function startEmbeddedBroker(context: BrokerContext, options: BrokerOptions): Promise<Broker> {
  const sessions = new WeakMap<Client, Session>();
  const connected = new Map<string, Set<Client>>();
  const login = createGatewayLogin(context.store);
  const { metrics, log } = context;

  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    maxTopicLevels: 20,
    queueLimit: 1000,

    preConnect: (_client, _packet, done) => done(null, aedes.connectedClients < MAX_CONNECTIONS),

    authenticate(client, username, password, done) {
      authenticate(client, username ?? '', password?.toString('utf8') ?? '').then(
        () => done(null, true),
        (error: unknown) => {
          metrics.refused++;
          done(refusal(error), false);
        },
      );
    },

    authorizePublish(client, packet, done) {
      const session = client && sessions.get(client);
      if (!session || !isUnder(session.gateway.baseTopic, packet.topic)) {
        metrics.refused++;
        done(new Error(`Expected a topic below the gateway's base topic, but got ${packet.topic}`));
        return;
      }
      const { topic, payload, messageId: packetId = 0, dup } = packet;
      // What gateways say goes into the inbox and to nobody else: not to subscribers, not into the retained store.
      packet.topic = NOBODY;
      packet.retain = false;
      current(session)
        .then((gateway) => context.ingest.accept({ gateway, clientId: client.id, packetId, dup, retained: false, topic, payload: Buffer.from(payload) }))
        .then(
          () => done(null),
          (error: unknown) => {
            metrics.storeFailures++;
            log.error({ err: error, topic }, 'a device message could not be stored; the gateway is disconnected and will send it again');
            done(error as Error);
          },
        );
    },

    authorizeSubscribe(client, subscription, done) {
      const session = sessions.get(client);
      // zigbee2mqtt asks for its whole tree; what it is given is decided in `authorizeForward`.
      const isAllowed = session !== undefined && isUnder(session.gateway.baseTopic, subscription.topic);
      if (!isAllowed) metrics.refused++;
      done(null, isAllowed ? subscription : null);
    },

    authorizeForward(client, packet) {
      const session = sessions.get(client);
      return session && isCommandTopic(session.gateway.baseTopic, packet.topic) ? packet : null;
    },
  });

  async function authenticate(client: Client, account: string, password: string): Promise<void> {
    const gateway = await login.check(account, password);
    if (!gateway) throw new LoginRefused(4, 'Expected a known gateway account and its password, but they do not match');
    const mine = connected.get(account) ?? new Set();
    const holder = [...connected.values()].flatMap((clients) => [...clients]).find((other) => other.id === client.id);
    // MQTT lets a client id take over a connection: never the one of another account.
    if (holder && sessions.get(holder)?.gateway.account !== account) throw new LoginRefused(2, 'Expected a client id of its own, but another account uses it');
    if (mine.size >= MAX_PER_ACCOUNT && !holder) throw new LoginRefused(3, `Expected at most ${MAX_PER_ACCOUNT} connections of one account, but more came`);
    sessions.set(client, { gateway, readAt: performance.now() });
    connected.set(account, mine.add(client));
    client.conn.once('close', () => {
      mine.delete(client);
      if (mine.size === 0) connected.delete(account);
    });
  }

  async function current(session: Session): Promise<Gateway> {
    if (performance.now() - session.readAt < GATEWAY_FRESH_MS) return session.gateway;
    const gateway = await context.store.query(gatewayById(session.gateway.id));
    if (!gateway) throw new Error('Expected the gateway to be enabled, but it is not');
    Object.assign(session, { gateway, readAt: performance.now() });
    return gateway;
  }

  aedes.on('clientError', (client, error) => log.debug({ err: error, client: client.id }, 'a gateway connection ended with an error'));
  aedes.on('connectionError', (_client, error) => log.debug({ err: error }, 'a connection to the broker failed'));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    guardFrames(socket, MAX_PACKET, () => void metrics.refused++);
    aedes.handle(socket);
  });
  server.maxConnections = MAX_CONNECTIONS + 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    send: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish' as const, topic, payload, qos: 1 as const, retain: false, dup: false };
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Commands to a gateway's devices (`…/set`, `…/get`) and requests to the gateway itself. */
export function isCommandTopic(baseTopic: string, filter: string): boolean {
  if (!isUnder(baseTopic, filter)) return false;
  const below = filter.slice(baseTopic.length + 1);
  return below.startsWith('bridge/request/') || /^(?!bridge\/)[^#]+\/(set|get)(\/[^#]*|\/#)?$/.test(below);
}

class LoginRefused extends Error {
  readonly returnCode: number;
  constructor(returnCode: number, message: string) {
    super(message);
    this.name = 'LoginRefused';
    this.returnCode = returnCode;
  }
}

/** 3 = server unavailable: the database or the login line is full, the gateway should come back. */
function refusal(error: unknown): AuthenticateError {
  const returnCode = error instanceof LoginRefused ? error.returnCode : 3;
  return Object.assign(error instanceof Error ? error : new Error('login failed'), { returnCode }) as AuthenticateError;
}
