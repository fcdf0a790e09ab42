// How much others notice of hostile processes and requests: p95 of a steady light load while they run / without them, windows
// one after the other on one server. Wanted: at most 2.
// Run: npm run bench:neighbours ; ONLY=gateway-loop,doubling PAIRS=3 SECONDS=8 RATE=10 DATABASE=mysql://…
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hostileLoads } from '#test/limits/hostile-loads.ts';
import { hostileProcesses } from '#test/limits/hostile-processes.ts';
import { call, deploy, lightLoad, type Api } from '#test/limits/light-load.ts';
import { startEngine } from './engine-process.ts';
import { report } from './pairs.ts';
import { percentile } from './statistics.ts';

const PAIRS = Number(process.env['PAIRS'] ?? 3);
const SECONDS = Number(process.env['SECONDS'] ?? 8);
const RATE = Number(process.env['RATE'] ?? 10);
const only = process.env['ONLY']?.split(',');
const database = process.env['DATABASE'];
/** The hostile load comes to its steady state first. */
const SETTLE_MS = 3_000;

const dataDir = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'songbai-neighbours-'));
const server = await startEngine({ dataDir, env: { SONGBAI_LOG_LEVEL: 'silent', ...(database && { SONGBAI_DATABASE_URL: database }) } });
const api: Api = { url: server.url, authorization: server.authorization };
try {
  for (const [key, xml] of Object.entries(hostileProcesses)) {
    const answer = await deploy(api, `${key}.bpmn`, xml);
    if (!answer.ok) throw new Error(`Expected ${key} to deploy, but: ${await answer.text()}`);
  }
  const p95 = async () => percentile(await lightLoad(api, { perSecond: RATE, seconds: SECONDS }), 0.95);
  await p95();
  for (const [name, begin] of Object.entries(hostileLoads)) {
    if (only && !only.includes(name)) continue;
    const ratios: number[] = [];
    const shown: string[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const calm = await p95();
      const hostile = begin(api);
      await wait(SETTLE_MS);
      const { cpuUs } = await server.usage();
      const disturbed = await p95();
      const used = ((await server.usage()).cpuUs - cpuUs) / 10_000 / SECONDS;
      await hostile.stop();
      ratios.push(disturbed / calm);
      shown.push(`${calm.toFixed(1)} → ${disturbed.toFixed(1)} ms, ${used.toFixed(0)} % CPU`);
      await cleanUp();
    }
    process.stdout.write(`  ${name}: ${shown.join('; ')}\n`);
    report(`p95 of neighbours of ${name}`, ratios, { atMost: 2 });
  }
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** What the hostile load left behind must not be in the next window. */
async function cleanUp(): Promise<void> {
  for (const key of Object.keys(hostileProcesses)) {
    const rows = (await (await call(api, 'GET', `/process-instance?processDefinitionKey=${key}&maxResults=500`)).json()) as {
      id: string;
    }[];
    for (const { id } of rows) await (await call(api, 'DELETE', `/process-instance/${id}`)).text();
  }
}
