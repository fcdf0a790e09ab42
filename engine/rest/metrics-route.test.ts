import assert from 'node:assert/strict';
import { createTestApp, type TestApp } from '#test/support/test-app.ts';

describe('/metrics', () => {
  const devices = { received: 9, refused: 4, malformed: 1, unknownDevice: 2, oversized: 3 };
  let app: TestApp;
  before(async () => {
    app = await createTestApp({
      accounts: [{ username: 'admin', roles: ['district-admin'], areas: ['120103'] }],
      context: { metrics: () => devices },
    });
  });
  after(() => app.close());

  const read = async (): Promise<Map<string, number>> => {
    const text = await (await app.asClient('/metrics')).text();
    assert.ok(text.endsWith('\n'));
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const sample of samples) assert.match(sample, /^[a-z_][a-z0-9_]* \d+(\.\d+)?(e[+-]\d+)?$/);
    const found = new Map(samples.map((sample) => [sample.split(' ')[0]!, Number(sample.split(' ')[1])]));
    for (const name of found.keys())
      assert.match(text, new RegExp(`^# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}$`, 'm'));
    return found;
  };

  it('is Prometheus text', async () => {
    const answer = await app.asClient('/metrics');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4');
  });

  it('is for operators: clients of the engine and the administrator, nobody else', async () => {
    assert.equal((await app.fetch('/metrics')).status, 401);
    assert.equal((await app.asUser('/metrics')).status, 403);
    assert.equal((await app.asUser('/metrics', {}, 'admin')).status, 200);
    assert.equal((await app.fetch('/metrics', { method: 'POST' })).status, 405);
  });

  it('counts commits and units of work', async () => {
    const before = await read();
    await app.context.store.batcher.run({ key: null, name: 'count' }, function* (writes) {
      writes.insertIfAbsent('payload', { hash: 'metrics', content: '{}' });
    });
    const after = await read();
    assert.ok(after.get('songbai_commits_total')! > before.get('songbai_commits_total')!);
    assert.ok(after.get('songbai_units_total')! > before.get('songbai_units_total')!);
    assert.ok(after.has('songbai_unit_reruns_total'));
  });

  it('says what happened on the device side', async () => {
    const metrics = await read();
    assert.equal(metrics.get('songbai_device_received_total'), 9);
    assert.equal(metrics.get('songbai_device_refused_total'), 4);
    assert.equal(metrics.get('songbai_device_unknown_device_total'), 2);
    assert.equal(metrics.get('songbai_device_quarantined_total'), 6);
  });

  it('says how the process is', async () => {
    const stop = app.context.hub.subscribe({ principal: {} as never, send: () => undefined, end: () => undefined }, null);
    const metrics = await read();
    stop();
    assert.equal(metrics.get('songbai_stream_subscribers'), 1);
    assert.ok(metrics.get('process_resident_memory_bytes')! > 10_000_000);
    assert.ok(metrics.get('songbai_uptime_seconds')! > 0);
    assert.ok(metrics.get('songbai_event_loop_delay_p99_seconds')! >= 0);
  });

  it('tells when the event loop was held up', async () => {
    await read();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const until = performance.now() + 300;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const delay = (await read()).get('songbai_event_loop_delay_p99_seconds')!;
    assert.ok(delay > 0.2, `${delay} s`);
  });
});
