import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '#engine/seed/random.ts';
import { temporaryFolder, type Dialect } from './dialects.ts';
import { engineClients } from './engine-clients.ts';
import { checkInvariants, type Outcome } from './engine-invariants.ts';
import { freePort, startServerProcess, type ServerProcess } from './server-process.ts';

export interface Fire {
  dialect: Dialect;
  /** The same seed gives the same pauses and choices; what the machine makes of them still differs. */
  seed: number;
  kills: number;
  clients: number;
}

export interface FireOutcome extends Outcome {
  acknowledged: number;
  resent: number;
  /** Of the last process, after SIGTERM. */
  exitCode: number | null;
}

const LIFE_MS = [300, 2500] as const;
/** One kill of four hits a server that is still starting. */
const DURING_START = 0.25;
const START_MS = [50, 1500] as const;

/** Clients work on a server that is killed again and again; at the end it stops in peace and its database is checked. */
export async function runUnderFire({ dialect, seed, kills, clients: clientCount }: Fire): Promise<FireOutcome> {
  const random = createRandom(seed);
  const databaseUrl = await dialect.newDatabase();
  const options = {
    dataDir: temporaryFolder(),
    port: await freePort(),
    env: { SONGBAI_DATABASE_URL: databaseUrl, SONGBAI_NODE_RED: 'off', SONGBAI_MQTT_PORT: '0', SONGBAI_NODE_ID: 'node-1' },
  };
  let server = await startServerProcess(options);
  try {
    const clients = engineClients([server.url], createRandom(seed + 1));
    await clients.deploy();
    const work = clients.work(clientCount);
    for (let kill = 0; kill < kills; kill++) {
      await pause(random.integer(...LIFE_MS));
      await server.kill();
      if (random.chance(DURING_START)) await killWhileStarting(options, random.integer(...START_MS));
      server = await startServerProcess(options);
    }
    await work.stop();
    const exitCode = await server.stop();
    const store = await dialect.open(databaseUrl);
    try {
      const { started, completed, worked } = clients.ledger;
      const outcome = await checkInvariants(store, clients.ledger);
      return { ...outcome, acknowledged: started.size + completed.size + worked.size, resent: clients.ledger.lost, exitCode };
    } finally {
      await store.close();
    }
  } finally {
    await server.kill();
  }
}

async function killWhileStarting(options: Parameters<typeof startServerProcess>[0], afterMs: number): Promise<void> {
  const starting = startServerProcess({ ...options, spawned: (child) => void setTimeout(() => child.kill('SIGKILL'), afterMs) });
  // Ready or not, it is killed: what counts is what the next start finds.
  const server: ServerProcess | null = await starting.catch(() => null);
  await server?.kill();
}
