import { isTemporary, sleep } from '../lib/engine-client.js';

const WAIT_MS = 20_000;
const PAUSE_MS = [500, 1000, 2000, 5000, 10_000];

/**
 * Leases device events and sends one message per event. Takes no more than `maxOpen` events that the flow has not settled:
 * what waits stays in the engine's inbox, not in this process's memory.
 * @param {any} RED
 */
export default function register(RED) {
  /** @this {any} @param {any} config */
  function SongbaiEventsIn(config) {
    RED.nodes.createNode(this, config);
    const node = this;
    const server = RED.nodes.getNode(config.server);
    const leaseMs = clamp(Number(config.leaseSeconds) || 30, 5, 600) * 1000;
    const maxOpen = clamp(Number(config.maxOpen) || 20, 1, 100);
    const capabilities = String(config.capabilities ?? '')
      .split(/[\s,，]+/)
      .filter((name) => name !== '');
    const closing = new AbortController();
    const workerId = `${RED.settings.songbai?.workerId ?? 'node-red'}:${node.id}`;
    /** Ours among the server's open events. @type {Set<string>} */
    const mine = new Set();
    let room = Promise.withResolvers();

    const onSettled = (/** @type {string} */ eventId) => {
      if (!mine.delete(eventId)) return;
      room.resolve(undefined);
      showOpen();
    };

    function showOpen() {
      node.status({ fill: 'green', shape: mine.size > 0 ? 'dot' : 'ring', text: RED._('status.open', { count: mine.size }) });
    }

    async function takeSome() {
      const body = { workerId, max: maxOpen - mine.size, leaseMs, waitMs: WAIT_MS, capabilities };
      const events = await server.client.post('/api/device-events/fetch', body, { timeoutMs: WAIT_MS + 10_000, signal: closing.signal });
      for (const event of events) {
        mine.add(event.id);
        server.track(event.id, leaseMs);
        node.send(toMessage(event));
      }
      showOpen();
    }

    async function run() {
      let failures = 0;
      while (!closing.signal.aborted) {
        try {
          room = Promise.withResolvers();
          if (mine.size >= maxOpen) await room.promise;
          else await takeSome();
          failures = 0;
        } catch (error) {
          if (closing.signal.aborted) return;
          const text = error instanceof Error ? error.message : String(error);
          node.status({ fill: 'red', shape: 'ring', text: text.slice(0, 60) });
          if (failures === 0 || !isTemporary(error)) node.warn(text);
          await sleep(PAUSE_MS[Math.min(failures++, PAUSE_MS.length - 1)], closing.signal);
        }
      }
    }

    if (!server?.client) {
      node.status({ fill: 'red', shape: 'ring', text: RED._('status.noServer') });
      return;
    }
    server.on('settled', onSettled);
    // The flow's other nodes are there only after the start of all flows.
    const timer = setImmediate(() => void run());
    node.on('close', () => {
      clearImmediate(timer);
      closing.abort();
      room.resolve(undefined);
      server.off('settled', onSettled);
    });
  }
  RED.nodes.registerType('songbai-events-in', SongbaiEventsIn);
}

/** @param {any} event */
function toMessage(event) {
  const { leaseToken, ...rest } = event;
  return { topic: event.capability, payload: event.value, event: rest, lease: { eventId: event.id, leaseToken } };
}

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
