import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import packageJson from '../package.json' with { type: 'json' };
import { createAuditLog } from './audit/audit-log.ts';
import { ConfigError, type Config } from './config.ts';
import { createDevices, type Devices } from './devices/devices.ts';
import { createNodeRed, type NodeRed } from './devices/node-red.ts';
import { createFormsService } from './forms/forms-service.ts';
import { createHistoryCleanup } from './history/cleanup.ts';
import { createIdentity, type Identity } from './identity/identity.ts';
import { createJobExecutor } from './jobs/job-executor.ts';
import { checkPluginTasks } from './plugins/check-plugin-tasks.ts';
import { loadPlugins } from './plugins/load-plugins.ts';
import { createPluginHost } from './plugins/plugin-host.ts';
import { createSecrets } from './plugins/secrets.ts';
import type { Logger } from './log.ts';
import { elderForAlert } from './registers/elders.ts';
import { createStreamHub } from './rest/api/stream/hub.ts';
import { allDeviceRoutes } from './rest/api/devices/all-device-routes.ts';
import { createApp } from './rest/app.ts';
import { startServer } from './rest/server.ts';
import type { ProcessEngine } from './services/contract.ts';
import { composeServices } from './compose-services.ts';
import { formByHash } from './store/definition-store.ts';
import { HISTORY_CLEANUP } from './store/history-cleanup-store.ts';
import { acquireDue, freeAbandoned, giveBack, nextDueAt, prolong } from './store/job-store.ts';
import { openStore, type Store } from './store/open-store.ts';
import { seed } from './seed/seed.ts';

export interface Server {
  url: string;
  databaseKind: string;
  /** Lines for the terminal after the ready line: the demo's accounts, or the way in for the first administrator. */
  notices: string[];
  store: Store;
  engine: ProcessEngine;
  identity: Identity;
  devices: Devices;
  mqttPort: number | null;
  /** Stops taking work, finishes what runs, closes the database. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
/** How long the jobs of a node that died wait for another one; renewed while a batch runs, so short is safe. */
const JOB_LEASE_MS = 15_000;
const HOUR_MS = 3_600_000;
/** People who asked for something so long ago still wait for the next answer. */
const BUSY_MS = 2_000;

/**
 * Puts stores, services and routes together, seeds, and opens the doors: HTTP, MQTT, jobs, flows.
 * @param env where plugins find the settings that their manifests name, and secrets
 */
export async function compose(config: Config, log: Logger, env: Readonly<Record<string, string | undefined>> = process.env): Promise<Server> {
  const store = await openStore({ url: config.databaseUrl, dataDir: config.dataDir, nodeId: config.nodeId, log });
  await store.ids.ready(1_000);
  const hub = createStreamHub({ epoch: `${config.nodeId}-${Date.now().toString(36)}` });
  const identity = createIdentity({ store });
  const audit = createAuditLog({ store, nodeId: config.nodeId, log });
  const forms = await createFormsService({ cacheDir: join(config.dataDir, 'forms'), find: async (hash) => plugins.form(hash) ?? store.query(formByHash(hash)) });
  const plugins = await loadPlugins({ names: config.plugins, engineVersion: packageJson.version, env, secret: createSecrets(config.secretsDir, env), log });
  const services = await composeServices({
    store,
    log,
    forms,
    historyLevel: config.historyLevel,
    checkPlugins: (model) => checkPluginTasks(plugins.active, model),
    jobDue: (dueAt) => jobs.due(dueAt),
    publishTask(change) {
      hub.publish({ event: 'task', data: { op: change.op, id: String(change.id), instanceId: String(change.instanceId) }, tenant: change.tenant, area: change.area, groups: change.candidateGroups, users: change.assignee ? [change.assignee, ...change.candidateUsers] : change.candidateUsers });
      devices.alerts.taskChanged(change);
    },
    instanceEnded: (instance) => devices.alerts.instanceEnded(instance),
  });
  const { engine } = services;
  let requestAt = Number.NEGATIVE_INFINITY;
  const cleanup = createHistoryCleanup({
    store,
    modelOf: services.modelOf,
    window: config.historyCleanup,
    defaultDays: config.historyTimeToLive,
    jobDue: (dueAt) => jobs.due(dueAt),
    log,
  });
  const jobs = createJobExecutor({
    acquire: (limit, except) => acquireDue(store, { limit, leaseMs: JOB_LEASE_MS, except }),
    execute: (job) => job.kind === HISTORY_CLEANUP ? cleanup.execute(job) : engine.management.executeLeased(job as Parameters<typeof engine.management.executeLeased>[0]),
    renew: (leased) => prolong(store, leased, JOB_LEASE_MS),
    release: (leased) => giveBack(store, leased),
    renewEveryMs: JOB_LEASE_MS / 3,
    nextDueAt: (except) => store.query(nextDueAt(except)),
    othersWait: () => performance.now() - requestAt < BUSY_MS,
    now: () => store.clock.now(),
    log,
  });
  const pluginHost = createPluginHost({ plugins: plugins.active, externalTasks: engine.externalTasks, modelOf: services.modelOf, nodeId: config.nodeId, log });
  const devices = createDevices({
    store,
    runtime: engine.runtime,
    surroundings: { elder: elderForAlert },
    publish: ({ op, tenant, area, present }) => hub.publish({ event: 'alert', data: (locale) => ({ op, alert: present(locale) }), tenant, area }),
    dataDir: config.dataDir,
    log,
  });

  // Nodes that start together on an empty database fill it one after the other: the second finds it filled.
  await store.alone('seed', () =>
    seed({ store, engine, identity, demo: config.seed === 'demo', root, log, refreshSla: services.refresh, raiseAlert: (input) => devices.alerts.raise(input, 'zh-CN') }),
  );

  const flows = config.nodeRed ? { nodeRed: null as NodeRed | null } : null;
  let isReady = false;
  const consoleDir = join(root, 'console', 'dist');
  const app = createApp({
    store,
    engine,
    modelOf: services.modelOf,
    history: { level: config.historyLevel, defaultDays: config.historyTimeToLive, cleanup },
    identity,
    audit,
    forms,
    plugins,
    hub,
    log,
    settings: {
      publicUrl: config.publicUrl,
      trustedProxies: config.trustedProxies,
      nodeId: config.nodeId,
      version: packageJson.version,
      consoleDir: existsSync(consoleDir) ? consoleDir : null,
      nodeRedPort: () => flows?.nodeRed?.port() ?? null,
      demoPassword: config.seed === 'demo' ? 'songbai-demo' : null,
      isReady: () => isReady,
    },
    extraRoutes: allDeviceRoutes({ devices, store }),
    metrics: () => ({ ...devices.metrics }),
  });
  const http = await listen(() => startServer({ ...app, handle: (req, res) => { requestAt = performance.now(); app.handle(req, res); } }, { host: config.host, port: config.port }), 'SONGBAI_PORT', config.port);
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${http.port}`;
  const broker = await listen(() => devices.start({ host: config.host, mqttPort: config.mqttPort, mqttUrl: config.mqttUrl }), 'SONGBAI_MQTT_PORT', config.mqttPort);
  if (config.jobs) {
    await freeAbandoned(store);
    await cleanup.ensureJob();
    jobs.start();
    pluginHost.start();
  }
  if (flows) {
    flows.nodeRed = createNodeRed({ dataDir: config.dataDir, engineUrl: url, token: await flowToken(identity), log, onEnded: (worker) => void devices.inbox.release(worker).catch((error: unknown) => log.warn({ err: error }, 'events of an ended flow runtime come again when their lease runs out')) });
    await flows.nodeRed.start();
  }
  // What nobody asks for any more: sessions that ran out.
  const housekeeping = setInterval(() => void identity.sessions.removeExpired().catch((error: unknown) => log.warn({ err: error }, 'expired sessions could not be removed')), HOUR_MS).unref();
  isReady = true;

  return {
    url,
    databaseKind: store.kind,
    notices: config.seed === 'demo' ? await demoNotices(identity) : await setupNotices(identity, config.publicUrl ?? url),
    store,
    engine,
    identity,
    devices,
    mqttPort: broker.mqttPort,
    async stop() {
      isReady = false;
      clearInterval(housekeeping);
      await flows?.nodeRed?.stop();
      await devices.stop();
      await pluginHost.stop();
      await plugins.dispose();
      await jobs.stop();
      await services.stop();
      await http.close();
      await audit.flush();
      await forms.close();
      await store.close();
    },
  };
}

/** A port that somebody else has is the operator's to free: one clear line. */
async function listen<T>(open: () => Promise<T>, variable: string, port: number): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new ConfigError('PORT_IN_USE', `Expected port ${port} (${variable}) to be free, but another program listens on it: stop it or set ${variable} to another port`);
    if (code === 'EACCES') throw new ConfigError('PORT_NOT_ALLOWED', `Expected to be allowed to listen on port ${port} (${variable}), but: ${message}`);
    throw error;
  }
}

/** A new token with every start, known to the flow runtime alone; it serves the devices of every district. */
function flowToken(identity: Identity): Promise<string> {
  return identity.clients.createBearer({ id: 'node-red', name: 'Node-RED', tenant: '', areas: [], scopes: ['device-events'] });
}

async function demoNotices(identity: Identity): Promise<string[]> {
  const accounts = await identity.demoAccounts();
  return [`demo accounts, password songbai-demo: ${accounts.map(({ username }) => username).join(', ')}`];
}

/** The link for the first administrator, while nobody can sign in. */
async function setupNotices(identity: Identity, url: string): Promise<string[]> {
  const notice = await identity.setup.prepare(url);
  return notice ? [notice] : [];
}
