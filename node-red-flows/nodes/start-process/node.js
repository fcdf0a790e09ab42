import { evaluate, onInput } from '../lib/leased-action.js';

/**
 * Starts a process for the leased event and acknowledges it, in one transaction of the engine.
 * @param {any} RED
 */
export default function register(RED) {
  /** @this {any} @param {any} config */
  function SongbaiStartProcess(config) {
    RED.nodes.createNode(this, config);
    this.server = RED.nodes.getNode(config.server);
    onInput(RED, this, {
      needsLease: true,
      act: async (msg, lease) => {
        const processKey = config.processKey || msg.processKey;
        const businessKey = await evaluate(RED, this, msg, config.businessKey, config.businessKeyType);
        const given = await evaluate(RED, this, msg, config.variables, config.variablesType);
        const variables = { ...aboutEvent(msg.event), ...given };
        const body = { leaseToken: lease.leaseToken, processKey, businessKey: businessKey === undefined ? null : String(businessKey), variables };
        const answer = await this.server.client.postWithRetry(`/api/device-events/${lease.eventId}/start`, body);
        return { ...msg, instanceId: answer.instanceId };
      },
    });
  }
  RED.nodes.registerType('songbai-start-process', SongbaiStartProcess);
}

/** What every process started by a device knows. @param {any} event */
function aboutEvent(event) {
  const { deviceCode, elderId, capability, value, receivedAt } = event ?? {};
  return { deviceCode, elderId, capability, value, at: event?.deviceAt ?? receivedAt };
}
