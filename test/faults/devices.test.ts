import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { flowRuntimeOf, openLedger, readOutcome, untilSettled, type Ledger } from '#test/support/device-ledger.ts';
import { temporaryFolder } from '#test/support/dialects.ts';
import { startServerProcess, type ServerProcess } from '#test/support/server-process.ts';

const PRESSES = 60;

describe('devices when processes are killed', function () {
  this.timeout(120_000);
  let server: ServerProcess;
  let ledger: Ledger;
  const dataDir = temporaryFolder();

  before(async () => {
    server = await startServerProcess({ dataDir });
    ledger = await openLedger({ url: `mqtt://127.0.0.1:${server.mqttPort}`, username: 'gateway-demo', password: 'songbai-demo', everyMs: 20 });
  });
  after(async () => {
    await ledger?.close();
    await server?.kill();
  });

  it('loses nothing it acknowledged, and doubles nothing', async function () {
    if (process.platform !== 'linux') return this.skip();
    // given
    const pressing = ledger.press(PRESSES);
    // when
    await pause(150);
    process.kill(flowRuntimeOf(server.child.pid!)!, 'SIGKILL');
    await pause(300);
    const { mqttPort } = server;
    await server.kill();
    server = await startServerProcess({ dataDir, mqttPort });
    await pressing;
    await untilSettled(dataDir, PRESSES);
    // then
    const outcome = readOutcome(dataDir);
    const inOrder = (times: Iterable<number>): number[] => [...times].sort((a, b) => a - b);
    assert.deepEqual(inOrder(outcome.stored), inOrder(ledger.acknowledged));
    assert.deepEqual(
      { occurrences: outcome.occurrences, counted: outcome.counted, alerts: outcome.alerts, processes: outcome.processes },
      { occurrences: PRESSES, counted: PRESSES, alerts: 1, processes: 1 },
    );
  });
});
