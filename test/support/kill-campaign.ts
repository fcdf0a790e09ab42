import { pathToFileURL } from 'node:url';
import { createRandom } from '#engine/seed/random.ts';
import { killPoints, type KillPoint } from '#test/faults/kill-points.ts';
import { temporaryFolder, type Dialect } from './dialects.ts';
import { engineClients } from './engine-clients.ts';
import { checkInvariants, type Outcome } from './engine-invariants.ts';
import { freePort, startServerProcess, type ServerOptions, type ServerProcess } from './server-process.ts';

export interface KillCampaign {
  dialect: Dialect;
  seed: number;
  clients: number;
  /** Each point kills at one of its first hits. */
  maxHit: number;
  points?: readonly KillPoint[];
}

export interface KillOutcome extends Outcome {
  /** `point#hit` in their order. */
  killedAt: string[];
  acknowledged: number;
  resent: number;
  /** Of the last process, after SIGTERM. */
  exitCode: number | null;
}

const HOOK = pathToFileURL(new URL('kill-hook.ts', import.meta.url).pathname).href;
const WITHIN_MS = 120_000;
/** Instances that end for the clean-up to find. */
const HISTORY = 5;

/**
 * Clients work on a server that dies at one point after the other, in a random order, and is started again each time. At the end it
 * stops in peace, and the database is held against the clients' ledger.
 */
export async function runKillCampaign({ dialect, seed, clients: clientCount, maxHit, points = killPoints }: KillCampaign): Promise<KillOutcome> {
  const random = createRandom(seed);
  const options: ServerOptions = {
    dataDir: temporaryFolder(),
    port: await freePort(),
    nodeOptions: ['--import', HOOK],
    env: { SONGBAI_DATABASE_URL: await dialect.newDatabase(), SONGBAI_NODE_RED: 'off', SONGBAI_MQTT_PORT: '0', SONGBAI_NODE_ID: 'node-1', SONGBAI_HISTORY_CLEANUP: '00:00-00:00' },
  };
  const killedAt: string[] = [];
  const draw = ({ name, needs }: KillPoint) => {
    // All old history goes in one batch.
    const hit = needs === 'old history' ? 1 : random.integer(1, maxHit);
    killedAt.push(`${name}#${hit}`);
    return { point: name, hit };
  };
  for (const point of points.filter(({ needs }) => needs === 'empty database')) await dieAtStart(options, draw(point));
  let server = await startServerProcess(options);
  try {
    const clients = engineClients([server.url], createRandom(seed + 1));
    await clients.deploy();
    const work = clients.work(clientCount);
    const rest = points.filter(({ needs }) => needs !== 'empty database');
    while (rest.length > 0) {
      const [point] = rest.splice(random.integer(0, rest.length - 1), 1) as [KillPoint];
      const target = draw(point);
      if (point.needs === 'old history') {
        await clients.leaveHistory(HISTORY);
        await server.kill();
        await dieAtStart(options, target);
        server = await startServerProcess(options);
        continue;
      }
      server.child.send(target);
      const deploying = point.needs === 'deployment' ? deployUntil(clients.deploy, target.hit) : null;
      await dead(server, target.point);
      server = await startServerProcess(options);
      await deploying;
    }
    await work.stop();
    const exitCode = await server.stop();
    const store = await dialect.open(options.env?.['SONGBAI_DATABASE_URL']);
    try {
      const { started, completed, worked, lost } = clients.ledger;
      const outcome = await checkInvariants(store, clients.ledger);
      return { ...outcome, killedAt, acknowledged: started.size + completed.size + worked.size, resent: lost, exitCode };
    } finally {
      await store.close();
    }
  } catch (error) {
    throw new Error(`Expected a server that dies where it is told to and starts again, but after ${killedAt.join(', ')} (seed ${seed}): ${(error as Error).message}`, { cause: error });
  } finally {
    await server.kill();
  }
}

/** The last of them is the one that the server dies in; it goes on until there is an answer. */
async function deployUntil(deploy: () => Promise<void>, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await deploy();
}

/** It dies before it is ready or soon after. */
async function dieAtStart(options: ServerOptions, { point, hit }: { point: string; hit: number }): Promise<void> {
  const env = { ...options.env, SONGBAI_KILL: `${point}#${hit}` };
  const died: Promise<void>[] = [];
  const server = await startServerProcess({ ...options, env, spawned: (child) => void died.push(dead({ child }, point)) }).catch(() => null);
  try {
    await Promise.all(died);
  } finally {
    await server?.kill();
  }
}

function dead({ child }: Pick<ServerProcess, 'child'>, point: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${point} was not reached within ${WITHIN_MS} ms`)), WITHIN_MS);
    const ended = (_code: number | null, signal: string | null) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`the server ended by ${signal ?? 'itself'} instead of dying at ${point}`));
    };
    if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode);
    else child.once('exit', ended);
  });
}
