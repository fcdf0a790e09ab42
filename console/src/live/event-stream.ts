import { baseHeaders } from '../api/http.ts';
import { createSseParser, type ServerEvent } from './sse-parser.ts';

export type StreamState = 'connecting' | 'open' | 'waiting' | 'closed';

export interface EventStreamOptions {
  url: string;
  onEvent(event: ServerEvent): void;
  onState(state: StreamState): void;
  /** The server refused the session (401): no further attempt is made. */
  onRefused(): void;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** A line silent for so long is taken for dead, comments included. */
const SILENCE_MS = 60_000;

/**
 * A server-sent event stream that survives broken lines: it reconnects with growing, jittered delays and sends
 * `Last-Event-ID`, which the browser's EventSource cannot do after a failed answer.
 */
export function openEventStream(options: EventStreamOptions): { close(): void } {
  let lastId: string | null = null;
  let delayMs = FIRST_DELAY_MS;
  let closed = false;
  let attempt = new AbortController();
  let wake: () => void = () => undefined;
  const online = (): void => wake();
  window.addEventListener('online', online);

  const feedTo = (): ((chunk: string) => void) =>
    createSseParser((event) => {
      if (event.id !== null) lastId = event.id;
      options.onEvent(event);
    });

  async function connectOnce(): Promise<void> {
    attempt = new AbortController();
    const headers = { ...baseHeaders(), Accept: 'text/event-stream' } as Record<string, string>;
    if (lastId !== null) headers['Last-Event-ID'] = lastId;
    const response = await fetch(options.url, { headers, credentials: 'same-origin', cache: 'no-store', signal: attempt.signal });
    if (response.status === 401) {
      closed = true;
      options.onRefused();
      return;
    }
    if (!response.ok || response.body === null) return;
    delayMs = FIRST_DELAY_MS;
    options.onState('open');
    await readAll(response.body, feedTo());
  }

  async function readAll(body: ReadableStream<Uint8Array>, feed: (chunk: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    const reader = body.getReader();
    const abort = (): void => attempt.abort();
    let silence = setTimeout(abort, SILENCE_MS);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(abort, SILENCE_MS);
        feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(silence);
    }
  }

  function pause(): Promise<void> {
    const ms = delayMs * (0.5 + Math.random() / 2);
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    options.onState('connecting');
    while (!closed) {
      // A broken line is the normal end of an attempt: the next one resumes after the last id.
      await connectOnce().catch(() => undefined);
      if (closed) break;
      options.onState('waiting');
      await pause();
    }
    options.onState('closed');
  }

  void run();
  return {
    close() {
      closed = true;
      window.removeEventListener('online', online);
      attempt.abort();
      wake();
    },
  };
}
