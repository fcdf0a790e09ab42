import type { Logger } from '#engine/log.ts';
import { silentLifeSafety, type InboxRow } from '#engine/store/inbox-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import type { Alerts } from './alerts/alerts.ts';
import type { DeviceMetrics } from './metrics.ts';

/** A flow has this long to acknowledge an event that guards a life. */
export const SILENCE_MS = 10_000;
const TICK_MS = 1000;
/** Scans for alerts whose process ended elsewhere need not be as frequent. */
const SWEEP_EVERY = 15;
const BATCH = 50;

export interface WatchdogContext {
  store: { clock: { now(): number }; query<T>(work: Work<T>): Promise<T> };
  alerts: Pick<Alerts, 'raiseQuietly' | 'sweep'>;
  metrics: DeviceMetrics;
  log: Logger;
}

export interface Watchdog {
  /** Scans at once, then every second: what it knows are rows, so a restart forgets nothing. */
  start(): void;
  stop(): Promise<void>;
  /** One scan. Returns how many events no flow had acknowledged. */
  scan(): Promise<number>;
}

/** With Node-RED down an SOS still reaches the dispatcher within 15 s, and once (architecture §7). */
export function createWatchdog(context: WatchdogContext): Watchdog {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  let ticks = 0;

  async function scan(): Promise<number> {
    const silent = await context.store.query(silentLifeSafety(context.store.clock.now() - SILENCE_MS, BATCH));
    for (const row of silent) await raiseSilent(context, row);
    return silent.length;
  }

  async function tick(): Promise<void> {
    try {
      while ((await scan()) === BATCH);
      if (ticks++ % SWEEP_EVERY === 0) await context.alerts.sweep();
    } catch (error) {
      context.log.error({ err: error }, 'the watchdog could not scan; it tries again in a second');
    }
  }

  function startTick(): void {
    if (isBusy) return;
    isBusy = true;
    running = tick().finally(() => (isBusy = false));
  }

  return {
    scan,
    start() {
      timer ??= setInterval(startTick, TICK_MS);
      startTick();
    },
    async stop() {
      if (timer) clearInterval(timer);
      timer = null;
      await running;
    },
  };
}

async function raiseSilent({ alerts, metrics, log }: WatchdogContext, row: InboxRow): Promise<void> {
  try {
    const { alertId } = await alerts.raiseQuietly({
      row,
      tenant: row.tenant,
      kind: row.capability,
      at: row.deviceAt ?? row.receivedAt,
      value: row.value,
      flowSilent: true,
      actor: { id: null, kind: 'engine' },
    });
    metrics.flowSilent++;
    log.warn({ event: row.id, capability: row.capability, alert: alertId }, 'no flow acknowledged a life-safety event in time; the engine raised it');
  } catch (error) {
    log.error({ err: error, event: row.id }, 'a silent life-safety event could not be raised; the next scan tries again');
  }
}
