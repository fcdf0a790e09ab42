import { isBelow } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';

/** What happened, and who may learn of it. Nothing goes to anyone outside tenant and area. */
export interface StreamEvent {
  event: 'task' | 'alert';
  /** A function when the data depends on the reader's language. */
  data: Record<string, unknown> | ((locale: Principal['locale']) => Record<string, unknown>);
  tenant: string;
  area: string;
  /** When there are any: only people in one of these groups, these people, and those who oversee the area. */
  groups?: readonly string[];
  users?: readonly string[];
}

export interface StreamMessage {
  id: string;
  event: StreamEvent['event'] | 'reset';
  data: Record<string, unknown>;
}

export interface StreamHub {
  publish(event: StreamEvent): void;
  /**
   * Sends what the caller missed since `lastEventId`, or `reset` when this node no longer knows, then all that comes.
   * @returns the way to stop.
   */
  subscribe(subscriber: Subscriber, lastEventId: string | null): () => void;
  /** How many listen now. */
  subscriberCount(): number;
  /** Tells every subscriber that the server goes away. */
  close(): void;
}

export interface Subscriber {
  principal: Principal;
  send(message: StreamMessage): void;
  end(): void;
}

/**
 * Events of this node in a ring, with ids `<epoch>-<n>`: the epoch changes with every start, so an id of another node or
 * of an earlier run is recognised and answered with `reset`.
 */
export function createStreamHub({ epoch, size = 2_000 }: { epoch: string; size?: number }): StreamHub {
  const ring: { n: number; event: StreamEvent }[] = [];
  const subscribers = new Set<Subscriber>();
  let last = 0;

  const idOf = (n: number): string => `${epoch}-${n}`;
  const message = (n: number, { event, data }: StreamEvent, { locale }: Principal): StreamMessage => ({
    id: idOf(n),
    event,
    data: typeof data === 'function' ? data(locale) : data,
  });

  function replay(subscriber: Subscriber, lastEventId: string): void {
    const since = positionOf(lastEventId, epoch);
    const oldest = ring[0]?.n ?? last + 1;
    if (since === null || since > last || since < oldest - 1) {
      subscriber.send({ id: idOf(last), event: 'reset', data: {} });
      return;
    }
    for (const { n, event } of ring)
      if (n > since && isFor(subscriber.principal, event)) subscriber.send(message(n, event, subscriber.principal));
  }

  return {
    publish(event) {
      last += 1;
      ring.push({ n: last, event });
      if (ring.length > size) ring.shift();
      for (const subscriber of subscribers)
        if (isFor(subscriber.principal, event)) subscriber.send(message(last, event, subscriber.principal));
    },
    subscribe(subscriber, lastEventId) {
      if (lastEventId !== null) replay(subscriber, lastEventId);
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
    subscriberCount: () => subscribers.size,
    close() {
      for (const subscriber of subscribers) subscriber.end();
      subscribers.clear();
    },
  };
}

function positionOf(id: string, epoch: string): number | null {
  const dash = id.lastIndexOf('-');
  const n = Number(id.slice(dash + 1));
  return id.slice(0, dash) === epoch && Number.isSafeInteger(n) ? n : null;
}

const OVERSEEING = ['district-admin', 'dispatcher', 'auditor'];

export function isFor(principal: Principal, event: StreamEvent): boolean {
  if (event.tenant !== principal.tenant || !principal.areas.some((area) => isBelow(event.area, area))) return false;
  // Nobody named, e.g. a task that ended: whoever works in the area may have had it on the screen.
  const isForAll = !event.groups?.length && !event.users?.length;
  if (isForAll) return !principal.roles.every((role) => role === 'provider');
  if (principal.roles.some((role) => OVERSEEING.includes(role))) return true;
  if (event.users?.includes(principal.id)) return true;
  return event.groups?.some((group) => principal.groups.includes(group)) ?? false;
}
