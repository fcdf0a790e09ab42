import { EngineError } from './engine-client.js';

/**
 * The lease of the event that a message carries.
 * @param {any} msg
 * @returns {{eventId: string, leaseToken: string} | null}
 */
export function leaseOf(msg) {
  const { eventId, leaseToken } = msg.lease ?? {};
  return typeof eventId === 'string' && typeof leaseToken === 'string' ? { eventId, leaseToken } : null;
}

/**
 * Runs what a node does for a message: status while it runs, the event settled when it succeeds, Catch nodes when it fails.
 * A message without lease is refused before the engine is asked, unless `needsLease` is false.
 * @param {any} RED
 * @param {any} node
 * @param {{needsLease: boolean, act: (msg: any, lease: {eventId: string, leaseToken: string} | null) => Promise<any>}} action
 *   `act` returns what is sent on: a message, or an array with one entry per output.
 */
export function onInput(RED, node, { needsLease, act }) {
  node.on('input', async (/** @type {any} */ msg, /** @type {any} */ send, /** @type {any} */ done) => {
    const lease = leaseOf(msg);
    if (!node.server) return done(new Error(RED._('@songbai/node-red-nodes/songbai-server:error.noServer')));
    if (needsLease && !lease) return done(new Error(RED._('@songbai/node-red-nodes/songbai-server:error.noLease')));
    node.status({ fill: 'blue', shape: 'dot', text: '@songbai/node-red-nodes/songbai-server:status.working' });
    try {
      const out = await act(msg, lease);
      if (lease) node.server.settle(lease.eventId);
      node.status({});
      send(out);
      done();
    } catch (error) {
      // Someone else has the event: there is nothing left to do for this message.
      if (lease && error instanceof EngineError && error.code === 'LEASE_LOST') node.server.settle(lease.eventId);
      const text = error instanceof Error ? error.message : String(error);
      node.status({ fill: 'red', shape: 'ring', text: text.slice(0, 60) });
      done(error);
    }
  });
}

/**
 * A property of the editor's typed input, evaluated for a message.
 * @param {any} RED
 * @param {any} node
 * @param {any} msg
 * @param {string | undefined} value
 * @param {string | undefined} type
 * @returns {Promise<any>}
 */
export function evaluate(RED, node, msg, value, type) {
  if (value === undefined || value === '') return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    RED.util.evaluateNodeProperty(value, type ?? 'str', node, msg, (/** @type {unknown} */ error, /** @type {unknown} */ result) =>
      error ? reject(error) : resolve(result),
    );
  });
}
