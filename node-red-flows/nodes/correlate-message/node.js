import { evaluate, onInput } from '../lib/leased-action.js';
import { EngineError } from '../lib/engine-client.js';

/**
 * Gives a message to the process that waits for it and acknowledges the event. Nobody waiting is no failure: the second output.
 * @param {any} RED
 */
export default function register(RED) {
  /** @this {any} @param {any} config */
  function SongbaiCorrelateMessage(config) {
    RED.nodes.createNode(this, config);
    this.server = RED.nodes.getNode(config.server);
    onInput(RED, this, {
      needsLease: true,
      act: async (msg, lease) => {
        const businessKey = await evaluate(RED, this, msg, config.businessKey, config.businessKeyType);
        const correlationKeys = (await evaluate(RED, this, msg, config.correlationKeys, config.correlationKeysType)) ?? {};
        const variables = (await evaluate(RED, this, msg, config.variables, config.variablesType)) ?? {};
        const body = {
          leaseToken: lease.leaseToken,
          message: config.message || msg.message,
          businessKey: businessKey === undefined ? null : String(businessKey),
          correlationKeys,
          variables,
        };
        const path = `/api/device-events/${lease.eventId}`;
        try {
          const answer = await this.server.client.postWithRetry(`${path}/correlate`, body);
          return [{ ...msg, instanceIds: answer.instanceIds }, null];
        } catch (error) {
          if (!(error instanceof EngineError) || error.code !== 'MISMATCHING_MESSAGE') throw error;
          await this.server.client.postWithRetry(`${path}/ack`, { leaseToken: lease.leaseToken });
          return [null, { ...msg, instanceIds: [] }];
        }
      },
    });
  }
  RED.nodes.registerType('songbai-correlate-message', SongbaiCorrelateMessage);
}
