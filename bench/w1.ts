// W1 through REST on SQLite, synchronous=FULL, 32 clients: start → synchronous service → user task → complete → end,
// full history; instances per second as a share of floor F4 (bench/floors/w1-koa-sqlite.mjs), interleaved A B B A.
// Run: npm run bench:w1 ; SECONDS=3 PAIRS=7 OUT=bench/output/w1.json
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { median, quartiles } from './statistics.ts';
import { startEngine, type RunningEngine } from './engine-process.ts';
import { wrk } from './wrk.ts';

const SECONDS = Number(process.env['SECONDS'] ?? 3);
const PAIRS = Number(process.env['PAIRS'] ?? 7);
const CLIENTS = Number(process.env['CLIENTS'] ?? 32);
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'songbai-w1-'));

interface Side {
  name: string;
  url: string;
  database: string;
  headers: string;
  startPath: string;
  openTasks: string;
  usage(): Promise<{ cpuUs: number; commits: number; commands: number; rssBytes: number }>;
}
interface Block {
  instancesPerS: number;
  startsPerS: number;
  completesPerS: number;
  cpuUsPerInstance: number;
  group: number;
  p99: string;
  failed: number;
}

const [floor, engine, stop] = await startBoth();
try {
  const ratios: number[] = [];
  const blocks: Record<string, Block[]> = { floor: [], engine: [] };
  await block(floor, 1);
  await block(engine, 2);
  for (let pair = 0; pair < PAIRS; pair++) {
    const order = pair % 2 === 0 ? [floor, engine] : [engine, floor];
    const results = new Map<Side, Block>();
    for (const side of order) results.set(side, await block(side, SECONDS));
    const [a, b] = [results.get(engine), results.get(floor)];
    if (!a || !b) throw new Error('Expected both sides to have run, but one did not');
    blocks['engine']?.push(a);
    blocks['floor']?.push(b);
    ratios.push(a.instancesPerS / b.instancesPerS);
    process.stdout.write(
      `pair ${pair + 1}: engine ${Math.round(a.instancesPerS)}/s floor ${Math.round(b.instancesPerS)}/s ratio ${(a.instancesPerS / b.instancesPerS).toFixed(2)} (failed ${a.failed}/${b.failed})\n`,
    );
  }
  report(ratios, blocks);
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}

async function block(side: Side, seconds: number): Promise<Block> {
  const before = await side.usage();
  const headers = `wrk.method="POST"\nwrk.headers["content-type"]="application/json"\n${side.headers}`;
  const starts = await wrk({
    url: side.url,
    connections: CLIENTS,
    seconds,
    folder,
    script: `${headers}\nlocal n=0\nrequest=function() n=n+1 return wrk.format(nil,"${side.startPath}",nil,'{"businessKey":"bk'..n..'","variables":{"name":{"value":"zhang","type":"String"},"age":{"value":82,"type":"Long"}}}') end`,
  });
  const ids = openTasks(side);
  const idFile = join(folder, `${side.name}.ids`);
  writeFileSync(idFile, ids.join('\n'));
  const completes = await wrk({
    url: side.url,
    connections: CLIENTS,
    seconds: Math.max(1, seconds - 1),
    folder,
    script: `${headers}\nlocal ids={} for line in io.lines("${idFile}") do ids[#ids+1]=line end\nlocal n=0\nrequest=function() n=n+1 return wrk.format(nil,"/engine-rest/task/"..(ids[n] or "0").."/complete",nil,'{"variables":{"name":{"value":"li","type":"String"},"result":{"value":"ok","type":"String"}}}') end`,
  });
  const completed = ids.length - openTasks(side).length;
  const completesPerS = completed / Math.max(1, seconds - 1);
  const after = await side.usage();
  return {
    instancesPerS: 1 / (1 / starts.requestsPerS + 1 / completesPerS),
    startsPerS: starts.requestsPerS,
    completesPerS,
    cpuUsPerInstance: (after.cpuUs - before.cpuUs) / completed,
    group: (after.commands - before.commands) / Math.max(1, after.commits - before.commits),
    p99: `${starts.p99}/${completes.p99}`,
    failed: starts.failed,
  };
}

function openTasks(side: Side): string[] {
  const db = new DatabaseSync(side.database, { readOnly: true });
  const rows = db.prepare(side.openTasks).all() as { id: number }[];
  db.close();
  return rows.map((row) => String(row.id));
}

async function startBoth(): Promise<[Side, Side, () => Promise<void>]> {
  const floorFile = join(folder, 'floor.sqlite');
  const child = fork(new URL('./floors/w1-koa-sqlite.mjs', import.meta.url), [floorFile], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const { port } = (await message(child)) as { port: number };
  const server: RunningEngine = await startEngine({ dataDir: join(folder, 'engine') });
  await server.deploy('w1.bpmn', readFileSync(new URL('./w1.bpmn', import.meta.url)));
  const floorSide: Side = {
    name: 'floor',
    url: `http://127.0.0.1:${port}`,
    database: floorFile,
    headers: '',
    startPath: '/engine-rest/process-definition/key/w1/start',
    openTasks: 'SELECT id FROM task ORDER BY id',
    async usage() {
      child.send('stats');
      return (await message(child)) as Awaited<ReturnType<Side['usage']>>;
    },
  };
  const engineSide: Side = {
    name: 'engine',
    url: server.url,
    database: server.database,
    headers: `wrk.headers["authorization"]="${server.authorization}"`,
    startPath: '/engine-rest/process-definition/key/w1/start',
    openTasks: "SELECT id FROM task WHERE element = 'user' ORDER BY id",
    usage: server.usage,
  };
  return [
    floorSide,
    engineSide,
    async () => {
      child.kill();
      await server.stop();
    },
  ];
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve));
}

function report(ratios: number[], blocks: Record<string, Block[]>): void {
  const { lower, upper } = quartiles(ratios);
  const of = (side: string, key: 'instancesPerS' | 'startsPerS' | 'completesPerS' | 'cpuUsPerInstance' | 'group') =>
    median((blocks[side] ?? []).map((each) => each[key]));
  process.stdout.write(
    '\n| side | instances/s | starts/s | completes/s | server CPU µs/instance | commands per COMMIT | p99 start/complete |\n|---|---|---|---|---|---|---|\n',
  );
  for (const side of ['floor', 'engine'])
    process.stdout.write(
      `| ${side} | ${of(side, 'instancesPerS').toFixed(0)} | ${of(side, 'startsPerS').toFixed(0)} | ${of(side, 'completesPerS').toFixed(0)} | ${of(side, 'cpuUsPerInstance').toFixed(0)} | ${of(side, 'group').toFixed(1)} | ${blocks[side]?.at(-1)?.p99} |\n`,
    );
  process.stdout.write(
    `\nratio engine/floor: median ${median(ratios).toFixed(2)}, quartiles ${lower.toFixed(2)}–${upper.toFixed(2)}, ${ratios.length} pairs, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  const out = process.env['OUT'];
  if (out) {
    mkdirSync(join(out, '..'), { recursive: true });
    writeFileSync(out, JSON.stringify({ ratios, blocks }, null, 2));
  }
}
