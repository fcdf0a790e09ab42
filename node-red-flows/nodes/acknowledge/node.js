import { onInput } from '../lib/leased-action.js';

/**
 * The event needs nothing more; or, as the end of an error branch, it goes back and comes again later.
 * @param {any} RED
 */
export default function register(RED) {
  /** @this {any} @param {any} config */
  function SongbaiAcknowledge(config) {
    RED.nodes.createNode(this, config);
    this.server = RED.nodes.getNode(config.server);
    onInput(RED, this, {
      needsLease: true,
      act: async (msg, lease) => {
        const path = `/api/device-events/${lease.eventId}`;
        if (config.action === 'fail') {
          const error = String(msg.error?.message ?? config.reason ?? 'failed').slice(0, 1000);
          await this.server.client.postWithRetry(`${path}/fail`, { leaseToken: lease.leaseToken, error });
        } else {
          await this.server.client.postWithRetry(`${path}/ack`, { leaseToken: lease.leaseToken });
        }
        return msg;
      },
    });
  }
  RED.nodes.registerType('songbai-acknowledge', SongbaiAcknowledge);
}
