import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import mqtt, { type MqttClient } from 'mqtt';

/** What a gateway sent and what its broker acknowledged. Each press has a time of its own, by which it is found again. */
export interface Ledger {
  /** Device times of the presses that were acknowledged. */
  acknowledged: Set<number>;
  /** Presses SOS `count` times, some milliseconds apart; resolves when all are acknowledged, however often the connection breaks. */
  press(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openLedger(options: { url: string; username?: string; password?: string; everyMs: number }): Promise<Ledger> {
  const { url, everyMs, ...login } = options;
  const client: MqttClient = mqtt.connect(url, { ...login, clientId: 'ledger', clean: false, reconnectPeriod: 100, connectTimeout: 2000 });
  client.on('error', () => undefined);
  const acknowledged = new Set<number>();
  let last = Date.now();
  return {
    acknowledged,
    async press(count) {
      const open: Promise<void>[] = [];
      for (let sent = 0; sent < count; sent++) {
        const at = (last = Math.max(last + 1, Date.now()));
        const payload = JSON.stringify({ action: 'emergency', battery: 88, last_seen: at });
        open.push(publishUntilAcknowledged(client, payload).then(() => void acknowledged.add(at)));
        await pause(everyMs);
      }
      await Promise.all(open);
    },
    close: () => client.endAsync(true),
  };
}

/** A connection that breaks while packets are sent again makes the client give up on some: a gateway sends those once more. */
async function publishUntilAcknowledged(client: MqttClient, payload: string): Promise<void> {
  for (;;) {
    try {
      await client.publishAsync('zigbee2mqtt/sos-001', payload, { qos: 1 });
      return;
    } catch (error) {
      if (client.disconnecting) throw error;
      await pause(100);
    }
  }
}

export interface Outcome {
  /** Device times of all SOS events in the inbox. */
  stored: number[];
  unsettled: number;
  /** Occurrences counted on SOS alerts, by event; the sum of the alerts' counts. */
  occurrences: number;
  counted: number;
  alerts: number;
  /** Processes that were started for these alerts, running or ended. */
  processes: number;
}

/** Reads what became of the presses, from the database file itself. */
export function readOutcome(dataDir: string): Outcome {
  const db = new DatabaseSync(`${dataDir}/songbai.sqlite`, { readOnly: true });
  const one = (sql: string): number => Number((db.prepare(sql).get() as { n: number }).n ?? 0);
  const ours = "SELECT alert_id FROM inbox WHERE capability = 'sos' AND alert_id IS NOT NULL";
  const numbers = `SELECT number FROM alert WHERE id IN (${ours})`;
  try {
    return {
      stored: db.prepare("SELECT device_at FROM inbox WHERE capability = 'sos'").all().map((row) => Number(row['device_at'])),
      unsettled: one("SELECT COUNT(*) AS n FROM inbox WHERE status <> 'done'"),
      occurrences: one(`SELECT COUNT(*) AS n FROM alert_event WHERE alert_id IN (${ours})`),
      counted: one(`SELECT SUM(count) AS n FROM alert WHERE id IN (${ours})`),
      alerts: one(`SELECT COUNT(*) AS n FROM alert WHERE id IN (${ours})`),
      processes: one(`SELECT COUNT(*) AS n FROM (SELECT business_key FROM process_instance UNION ALL SELECT business_key FROM history_instance) AS i WHERE business_key IN (${numbers})`),
    };
  } finally {
    db.close();
  }
}

/** Waits until `count` events are stored and all are settled; gives up after a minute, so that the test can say what is missing. */
export async function untilSettled(dataDir: string, count: number): Promise<void> {
  const until = performance.now() + 60_000;
  while (performance.now() < until) {
    const { stored, unsettled } = readOutcome(dataDir);
    if (stored.length >= count && unsettled === 0) return;
    await pause(200);
  }
}

/** The flow runtime's process below the engine's; Linux only. Null while there is none. */
export function flowRuntimeOf(enginePid: number): number | null {
  const children = readFileSync(`/proc/${enginePid}/task/${enginePid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map(Number).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('runtime.mjs')) ?? null;
}
