import { conflict, notFound } from '#engine/errors.ts';
import { gatewayById } from '#engine/store/gateway-store.ts';
import { changeRow, inboxRow, type InboxRow } from '#engine/store/inbox-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import { acceptRaw, type IngestContext } from './ingest.ts';

/**
 * Gives a dead event to the flows again, or a quarantined message to its device, once that is registered.
 * @throws RequestError 404; 409 `NOTHING_TO_REPLAY` when the event is not dead, or the message still cannot be understood.
 */
export function replayInbox(context: IngestContext, id: number, scope: { tenant: string; areas: string[] }): Promise<{ events: number }> {
  const { store } = context;
  return store.batcher.run({ key: `inbox:${id}`, name: 'replay-inbox' }, function* (writes) {
    const row = yield* inboxRow(id);
    const isVisible = row?.tenant === scope.tenant && scope.areas.some((area) => row.area === area || row.area.startsWith(`${area}/`));
    if (!row || !isVisible) throw notFound('inbox entry', id);
    const now = store.clock.now();
    if (row.status === 'dead') {
      changeRow(writes, row, { status: 'new', available_at: now, tries: 0, lease_token: null });
      writes.afterCommit(context.wake);
      return { events: 1 };
    }
    if (row.status !== 'quarantined') throw conflict('NOTHING_TO_REPLAY', `Expected entry ${id} to be dead or quarantined, but it is ${row.status}`);
    const events = yield* acceptQuarantined(context, writes, row, now);
    changeRow(writes, row, { status: 'done', handled_at: now, handled_by: 'replay' });
    return { events };
  });
}

function* acceptQuarantined(context: IngestContext, writes: Parameters<typeof acceptRaw>[1], row: InboxRow, now: number): Work<number> {
  const gateway = yield* gatewayById(row.gatewayId);
  const events = gateway && (yield* acceptRaw(context, writes, { gateway, topic: row.topic, raw: row.raw, now }));
  if (events === null) throw conflict('NOTHING_TO_REPLAY', `Expected entry ${row.id} to name a registered device and hold its state as JSON, but it does not`);
  return events;
}
