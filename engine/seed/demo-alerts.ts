import type { Actor } from '#engine/core/ports.ts';
import type { Clock } from '#engine/store/clock.ts';

export interface DemoAlert {
  tenant: string;
  kind: string;
  deviceCode: string;
  /** Epoch ms. */
  at: number;
  value: unknown;
  actor: Actor;
  idempotencyKey: string;
}
/** `Alerts.raise` of the devices room. */
export type RaiseDemoAlert = (input: DemoAlert) => Promise<unknown>;

const MINUTE = 60_000;

/** Two alerts that wait for somebody, none so urgent that it is overdue before the first look. */
export async function seedAlerts(raise: RaiseDemoAlert, clock: Pick<Clock, 'now' | 'shift'>): Promise<void> {
  const alerts = [
    { kind: 'battery_low', deviceCode: 'smoke-001', value: 12, minutesAgo: 14 },
    { kind: 'water_leak', deviceCode: 'leak-001', value: true, minutesAgo: 1 },
  ];
  for (const { minutesAgo, ...alert } of alerts) {
    const shiftMs = minutesAgo * MINUTE;
    clock.shift(-shiftMs);
    try {
      await raise({
        ...alert,
        tenant: '120103',
        at: clock.now(),
        actor: { id: null, kind: 'engine' },
        idempotencyKey: `demo-${alert.deviceCode}`,
      });
    } finally {
      clock.shift(shiftMs);
    }
  }
}
