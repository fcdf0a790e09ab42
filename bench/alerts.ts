// Alerts: MQTT publish → task row visible through the API, open loop at RATE alerts/s from 5,000 generated smoke detectors,
// through the real broker, inbox, Node-RED flow, alert and process start on SQLite, synchronous=FULL.
// Run: npm run bench:alerts ; RATE=50 SECONDS=40 FLOWS=on|off (off = the watchdog's path is not measured, flows are)
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { pino } from 'pino';
import { upsertDevice } from '#engine/store/device-store.ts';
import { openStore } from '#engine/store/open-store.ts';
import { read } from '#engine/store/unit-of-work.ts';
import { freePort, startServerProcess } from '#test/support/server-process.ts';
import { percentile } from './statistics.ts';

const RATE = Number(process.env['RATE'] ?? 50);
const SECONDS = Number(process.env['SECONDS'] ?? 40);
const DEVICES = 5_000;
const dataDir = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'songbai-alerts-'));
const authorization = `Basic ${Buffer.from('engine:songbai-demo').toString('base64')}`;
const address = (n: number) => `bench-${String(n).padStart(5, '0')}`;

try {
  const seeding = await startServerProcess({ dataDir, env: { SONGBAI_NODE_RED: 'off' } });
  await seeding.stop();
  await generateDevices();
  const server = await startServerProcess({ dataDir, mqttPort: await freePort() });
  try {
    report(await measure(server.url, server.mqttPort));
  } finally {
    await server.stop();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function generateDevices(): Promise<void> {
  const store = await openStore({ url: `sqlite:${join(dataDir, 'songbai.sqlite')}`, nodeId: 'bench', log: pino({ level: 'silent' }) });
  const [gateway] = await store.read('SELECT id, tenant, area FROM gateway WHERE account = ?', ['gateway-demo']);
  if (!gateway) throw new Error('Expected the demo gateway, but it is not seeded');
  const areas = await store.query(read('SELECT path FROM area WHERE tenant = ? AND level = ?', [String(gateway['tenant']), 3]));
  await store.ids.ready(DEVICES);
  for (let from = 0; from < DEVICES; from += 500) {
    await store.batcher.run({ key: 'bench', name: 'bench-devices' }, function* (writes) {
      for (let n = from; n < from + 500; n++) {
        const area = String(areas[n % Math.max(1, areas.length)]?.['path'] ?? gateway['area']);
        yield* upsertDevice(writes, store.ids, store.clock.now(), {
          tenant: String(gateway['tenant']),
          area,
          code: address(n),
          name: '烟雾报警器',
          profile: 'smoke',
          gatewayId: Number(gateway['id']),
          address: address(n),
        });
      }
    });
  }
  await store.close();
}

interface Measured {
  visibleMs: number[];
  publishedPerS: number;
  lost: number;
  doubled: number;
}

async function measure(url: string, mqttPort: number): Promise<Measured> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
    username: 'gateway-demo',
    password: 'songbai-demo',
    clientId: 'bench',
  });
  const total = RATE * SECONDS;
  const publishedAt = new Map<string, number>();
  const visibleMs: number[] = [];
  const seen = new Map<string, number>();
  const done = Promise.withResolvers<void>();
  const stream = new AbortController();
  const listening = listen(url, stream.signal, async ({ deviceCode, instanceId }) => {
    seen.set(deviceCode, (seen.get(deviceCode) ?? 0) + 1);
    await taskVisible(url, instanceId);
    const scheduled = publishedAt.get(deviceCode);
    if (scheduled !== undefined) visibleMs.push(performance.now() - scheduled);
    if (visibleMs.length === total) done.resolve();
  });
  await listening.ready;

  // Open loop: each message has its time, and lateness of the sender counts as latency.
  const begin = performance.now() + 500;
  for (let n = 0; n < total; n++) {
    const due = begin + (n * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    publishedAt.set(address(n % DEVICES), due);
    client.publish(
      `zigbee2mqtt/${address(n % DEVICES)}`,
      JSON.stringify({ battery: 100, battery_low: false, linkquality: 120, smoke: true, tamper: false, test: false }),
      { qos: 1 },
    );
  }
  const publishedPerS = total / ((performance.now() - begin) / 1000);
  await Promise.race([done.promise, new Promise((resolve) => setTimeout(resolve, 30_000))]);
  stream.abort();
  await client.endAsync();
  return { visibleMs, publishedPerS, lost: total - seen.size, doubled: [...seen.values()].filter((count) => count > 1).length };
}

async function taskVisible(url: string, instanceId: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/engine-rest/task?processInstanceId=${instanceId}`, { headers: { authorization } });
    if (!response.ok) throw new Error(`Expected the task list, but the server answered ${response.status}: ${await response.text()}`);
    if (((await response.json()) as unknown[]).length > 0) return;
  }
}

interface Raised {
  deviceCode: string;
  instanceId: string;
}

/** The console's stream as the call centre sees it. */
function listen(url: string, signal: AbortSignal, onRaised: (raised: Raised) => Promise<void>): { ready: Promise<void> } {
  const ready = Promise.withResolvers<void>();
  void (async () => {
    const signIn = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'callcenter', password: 'songbai-demo' }),
    });
    const cookie = signIn.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const response = await fetch(`${url}/api/stream`, { headers: { cookie }, signal });
    if (!response.body) throw new Error('Expected a stream, but the answer has no body');
    ready.resolve();
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (!/^event: alert$/m.test(event) || !data) continue;
        const { op, alert } = JSON.parse(data) as { op: string; alert: { device: { code: string } | null; instanceId: string } };
        if (op === 'raised' && alert.device) void onRaised({ deviceCode: alert.device.code, instanceId: alert.instanceId });
      }
    }
  })().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { ready: ready.promise };
}

function report({ visibleMs, publishedPerS, lost, doubled }: Measured): void {
  const ms = (share: number) => percentile(visibleMs, share).toFixed(0);
  process.stdout.write(
    `alerts published ${publishedPerS.toFixed(1)}/s from ${DEVICES} devices, visible ${visibleMs.length}, lost ${lost}, doubled ${doubled}\n` +
      `publish → task visible: p50 ${ms(0.5)} ms, p95 ${ms(0.95)} ms, p99 ${ms(0.99)} ms, max ${ms(1)} ms; load ${loadavg()[0]?.toFixed(1)}\n`,
  );
}
