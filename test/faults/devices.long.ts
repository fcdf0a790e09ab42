import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { flowRuntimeOf, openLedger, readOutcome, untilSettled } from '#test/support/device-ledger.ts';
import { temporaryFolder } from '#test/support/dialects.ts';
import { startMosquitto } from '#test/support/mosquitto.ts';
import { startServerProcess } from '#test/support/server-process.ts';

const ROUNDS = 12;
const PRESSES_PER_ROUND = 100;
const BROKER_SAVES_WITHIN_MS = 2500;

/** Long: the flow runtime, the engine and the external broker are killed at random moments while a button is pressed. */
describe('devices behind an external broker when everything is killed', () => {
  it('loses nothing that was acknowledged, and doubles nothing', async function () {
    const mosquitto = await startMosquitto();
    if (!mosquitto || process.platform !== 'linux') return this.skip();
    // given
    const dataDir = temporaryFolder();
    const env = { SONGBAI_MQTT_URL: mosquitto.url };
    let server = await startServerProcess({ dataDir, env });
    const ledger = await openLedger({ url: mosquitto.url, everyMs: 10 });
    const victims: string[] = [];
    // when
    for (let round = 0; round < ROUNDS; round++) {
      const victim = (['flows', 'engine', 'engine and broker'] as const)[round % 3]!;
      victims.push(victim);
      const pressing = ledger.press(PRESSES_PER_ROUND);
      await pause(Math.random() * 800);
      if (victim === 'flows') {
        const pid = flowRuntimeOf(server.child.pid!);
        if (pid !== null) process.kill(pid, 'SIGKILL');
      } else {
        await server.kill();
        if (victim === 'engine and broker') {
          // Mosquitto acknowledges before it writes: what it took in the last second is lost with it, and not ours to keep.
          await pressing;
          await pause(BROKER_SAVES_WITHIN_MS);
          await mosquitto.crash();
        }
        server = await startServerProcess({ dataDir, env });
      }
      await pressing;
    }
    const { acknowledged } = ledger;
    await untilSettled(dataDir, acknowledged.size);
    // then
    const outcome = readOutcome(dataDir);
    const stored = new Set(outcome.stored);
    assert.deepEqual([...acknowledged].filter((at) => !stored.has(at)), [], `lost after ${victims.join(', ')}`);
    assert.equal(stored.size, outcome.stored.length);
    assert.deepEqual(
      { occurrences: outcome.occurrences, counted: outcome.counted, alerts: outcome.alerts, processes: outcome.processes },
      { occurrences: stored.size, counted: stored.size, alerts: 1, processes: 1 },
    );
    await ledger.close();
    await server.stop();
    await mosquitto.close();
  });
});
