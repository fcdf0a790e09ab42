import { Failure } from '#engine/core/failure.ts';
import { typed, type Variables } from '#engine/core/values.ts';
import { RequestError } from '#engine/errors.ts';
import { alertById, type AlertRow } from '#engine/store/alert-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { AlertChange, AlertContext } from './alert-context.ts';
import { partsOf, presentAlert } from './presenter.ts';

/** Pushes the alert as it is after COMMIT, with the task that its process has made meanwhile. */
export function announceAlert(context: AlertContext, alertId: number, op: AlertChange['op']): void {
  readAlert(context, alertId).then(
    (read) => {
      if (!read) return;
      const { alert, parts } = read;
      context.publish({ op, tenant: alert.tenant, area: alert.area, present: (locale) => presentAlert(alert, parts, locale) });
    },
    (error: unknown) => context.log.warn({ err: error, alertId }, 'an alert could not be pushed to the screens'),
  );
}

export function readAlert({ store, surroundings }: AlertContext, alertId: number) {
  return store.query(
    (function* () {
      const alert = yield* alertById(alertId);
      return alert && { alert, parts: yield* partsOf(surroundings, alert) };
    })(),
  );
}

/**
 * Tells the alert's open process, if its model listens there; in the same transaction, so that a repeat is told once.
 * Returns the process's variables after it. A model that fails on the message must not hold back what the alert's own row says.
 */
export function* tellProcess(context: AlertContext, writes: Writes, alert: AlertRow, message: string, variables: Record<string, unknown>): Work<Variables> {
  if (alert.instanceId === null) return {};
  const typedVariables = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, typed(value)]));
  try {
    const [told] = yield* context.runtime.correlateWork(writes, {
      message,
      tenant: alert.tenant,
      area: null,
      processInstanceId: alert.instanceId,
      variables: typedVariables,
      all: true,
      actor: { id: null, kind: 'engine' },
    });
    return told?.kind === 'correlated' ? told.variables : {};
  } catch (error) {
    if (!(error instanceof RequestError || error instanceof Failure)) throw error;
    context.log.debug({ err: error, alert: alert.number, message }, 'the process of an alert does not take the message');
    return {};
  }
}
