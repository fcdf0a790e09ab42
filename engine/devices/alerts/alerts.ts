import { activeAlertOfInstance, changeAlert, listAlerts, type AlertQuery } from '#engine/store/alert-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { AlertContext } from './alert-context.ts';
import { announceAlert, readAlert } from './announce-alert.ts';
import { clearAllEndedWork, clearEndedWork, recoverAlertWork, type ClearInput, type ClearResult } from './clear-alert.ts';
import { partsOf, presentAlert, type Alert } from './presenter.ts';
import { AlertEnded, raiseAlertWork, type RaiseInput, type RaiseResult } from './raise-alert.ts';

type Locale = 'zh-CN' | 'en';

export interface Alerts {
  /** @throws RequestError as `raiseAlertWork` */
  raiseQuietly(input: RaiseInput): Promise<RaiseResult>;
  /** As `raiseQuietly`, with the alert as the reader wants it. */
  raise(input: RaiseInput, locale: Locale): Promise<{ alert: Alert | null; outcome: RaiseResult['outcome'] }>;
  recover(input: ClearInput, locale: Locale): Promise<{ alert: Alert | null; outcome: ClearResult['outcome'] }>;
  list(query: AlertQuery, locale: Locale): Promise<Alert[]>;
  /** Wire to `ServiceContext.instanceEnded`. */
  instanceEnded(instance: { id: number; definitionKey: string }): void;
  /** Wire to `ServiceContext.publishTask`: the first person who takes a task of the alert's process acknowledges it. */
  taskChanged(change: { op: string; instanceId: number; assignee: string | null }): void;
  /** Closes alerts whose process ended on a node that died. */
  sweep(): Promise<number>;
}

export function createAlerts(context: AlertContext): Alerts {
  const { store } = context;
  const present = async (alertId: number | null, locale: Locale): Promise<Alert | null> => {
    const read = alertId === null ? null : await readAlert(context, alertId);
    return read ? presentAlert(read.alert, read.parts, locale) : null;
  };
  const inBackground = (work: Promise<unknown>, what: string): void => {
    work.catch((error: unknown) => context.log.error({ err: error }, what));
  };
  const closeWith = (instanceId: number): Promise<void> =>
    store.batcher.run({ key: `alert-of:${instanceId}`, name: 'clear-alert' }, (writes) => clearEndedWork(context, writes, instanceId));

  async function raiseQuietly(input: RaiseInput): Promise<RaiseResult> {
    const raise = (): Promise<RaiseResult> =>
      store.batcher.run({ key: raiseKey(input), name: 'raise-alert' }, (writes) => raiseAlertWork(context, writes, input));
    try {
      return await raise();
    } catch (error) {
      if (!(error instanceof AlertEnded)) throw error;
      await closeWith(error.instanceId);
      return await raise();
    }
  }

  return {
    raiseQuietly,

    async raise(input, locale) {
      const { alertId, outcome } = await raiseQuietly(input);
      return { alert: await present(alertId, locale), outcome };
    },

    async recover(input, locale) {
      const { alertId, outcome } = await store.batcher.run({ key: raiseKey(input), name: 'recover-alert' }, (writes) => recoverAlertWork(context, writes, input));
      return { alert: await present(alertId, locale), outcome };
    },

    list: (query, locale) =>
      store.query(
        (function* () {
          const alerts: Alert[] = [];
          for (const alert of yield* listAlerts(query)) alerts.push(presentAlert(alert, yield* partsOf(context.surroundings, alert), locale));
          return alerts;
        })(),
      ),

    instanceEnded({ id }) {
      inBackground(closeWith(id), 'an alert could not be closed with its process; the next sweep closes it');
    },

    taskChanged({ op, instanceId, assignee }) {
      if (op !== 'updated' || assignee === null) return;
      const work = store.batcher.run({ key: `alert-of:${instanceId}`, name: 'acknowledge-alert' }, (writes) => acknowledgeWork(context, writes, instanceId, assignee));
      inBackground(work, 'an alert could not be marked as acknowledged');
    },

    sweep: () => store.batcher.run({ key: 'alert-sweep', name: 'clear-ended-alerts' }, (writes) => clearAllEndedWork(context, writes)),
  };
}

const raiseKey = (input: { lease?: { id: number } | undefined; row?: { id: number } | undefined; kind: string }): string =>
  input.lease || input.row ? `inbox:${(input.row ?? input.lease)!.id}` : `alert:${input.kind}`;

function* acknowledgeWork(context: AlertContext, writes: Writes, instanceId: number, by: string): Work<void> {
  const alert = yield* activeAlertOfInstance(instanceId);
  if (!alert || alert.acknowledgedAt !== null) return;
  changeAlert(writes, alert, { acknowledged_at: context.store.clock.now(), acknowledged_by: by });
  writes.afterCommit(() => announceAlert(context, alert.id, 'updated'));
}
