import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AppContext } from './app-context.ts';
import { METRICS_TYPE, metricsText, type Metric } from './metrics-text.ts';
import { route, type Route } from './route.ts';

/** How often the event loop is asked; Node counts this into every delay, so it is taken out again. */
const RESOLUTION_MS = 20;

/** What an operator's Prometheus reads of this node: numbers only, nothing of any district. */
export function metricsRoutes(context: Pick<AppContext, 'store' | 'hub' | 'metrics'>): Route[] {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();

  function delaySinceLastReading(): number {
    const ms = delay.count === 0 ? 0 : delay.percentile(99) / 1e6 - RESOLUTION_MS;
    delay.reset();
    return Math.max(0, ms) / 1000;
  }

  return [
    route({
      id: 'metrics.get',
      method: 'GET',
      path: '/metrics',
      summary: 'Counters and gauges of this node as Prometheus text.',
      handler() {
        const { stats } = context.store;
        const metrics: Metric[] = [
          counter('songbai_commits', 'Transactions committed.', stats.groups),
          counter('songbai_units', 'Units of work committed; many may share a transaction.', stats.units),
          counter('songbai_unit_reruns', 'Units run again after a lost race.', stats.reruns),
          ...deviceMetrics(context.metrics?.() ?? {}),
          gauge('songbai_stream_subscribers', 'Browsers that listen to the stream.', context.hub.subscriberCount()),
          gauge('songbai_event_loop_delay_p99_seconds', '99th percentile since the last reading.', delaySinceLastReading()),
          gauge('songbai_uptime_seconds', 'Since the process started.', process.uptime()),
          gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
        ];
        return { body: metricsText(metrics), type: METRICS_TYPE };
      },
    }),
  ];
}

const counter = (name: string, help: string, value: number): Metric => ({ name, type: 'counter', help, value });
const gauge = (name: string, help: string, value: number): Metric => ({ name, type: 'gauge', help, value });

/** Problems for which a message is kept apart for a person to see. */
const QUARANTINED = ['malformed', 'unknownDevice', 'oversized'];

/** `unknownDevice` becomes `songbai_device_unknown_device_total`. */
function deviceMetrics(counts: Readonly<Record<string, number>>): Metric[] {
  const each = Object.entries(counts).map(([name, value]) =>
    counter(`songbai_device_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, `Device side: ${name}.`, value),
  );
  if (each.length === 0) return [];
  const quarantined = QUARANTINED.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  return [...each, counter('songbai_device_quarantined', 'Messages kept apart for a person to see.', quarantined)];
}
