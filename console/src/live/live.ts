import { onScopeDispose, shallowRef } from 'vue';
import type { Alert } from '../api/alerts.ts';
import { openEventStream, type StreamState } from './event-stream.ts';
import type { ServerEvent } from './sse-parser.ts';

/** What the server pushes; `reset` = events were lost, lists have to be read again. */
export interface LiveEvents {
  task: { op: 'created' | 'updated' | 'ended'; id: string; instanceId: string };
  alert: { op: 'raised' | 'repeated' | 'cleared'; alert: Alert };
  reset: Record<string, never>;
}

type Handlers = { [K in keyof LiveEvents]: Set<(event: LiveEvents[K]) => void> };

const handlers: Handlers = { task: new Set(), alert: new Set(), reset: new Set() };
let stream: { close(): void } | null = null;
let wasOpen = false;

/** State of the live line, for the notice in the header. */
export const liveState = shallowRef<StreamState>('closed');

/** Calls `handler` for each event of a kind; returns the way to stop. */
export function listen<K extends keyof LiveEvents>(kind: K, handler: (event: LiveEvents[K]) => void): () => void {
  const set = handlers[kind];
  set.add(handler);
  return () => set.delete(handler);
}

/** Like `listen`, for as long as the component lives. */
export function useLive<K extends keyof LiveEvents>(kind: K, handler: (event: LiveEvents[K]) => void): void {
  onScopeDispose(listen(kind, handler));
}

function emit<K extends keyof LiveEvents>(kind: K, event: LiveEvents[K]): void {
  for (const handler of handlers[kind]) handler(event);
}

function receive(event: ServerEvent): void {
  const payload: unknown = JSON.parse(event.data || '{}');
  if (event.event === 'task') emit('task', payload as LiveEvents['task']);
  else if (event.event === 'alert') emit('alert', payload as LiveEvents['alert']);
  else if (event.event === 'reset') emit('reset', {});
}

/** Opens the line once; later calls do nothing. */
export function startLive(onRefused: () => void): void {
  stream ??= openEventStream({
    url: '/api/stream',
    onEvent: receive,
    onState(state) {
      // After a break the server may have forgotten the last id; reading the lists again is cheap and always right.
      if (state === 'open' && wasOpen) emit('reset', {});
      if (state === 'open') wasOpen = true;
      liveState.value = state;
    },
    onRefused,
  });
}

/** Closes the line at sign-out. */
export function stopLive(): void {
  stream?.close();
  stream = null;
  wasOpen = false;
  liveState.value = 'closed';
}
