import { evaluate, onInput } from '../lib/leased-action.js';

/**
 * Raises an alert, or tells that the sensor is quiet again. One call and one transaction in the engine: alert, its process,
 * acknowledgement of the event.
 * @param {any} RED
 */
export default function register(RED) {
  /** @this {any} @param {any} config */
  function SongbaiRaiseAlert(config) {
    RED.nodes.createNode(this, config);
    this.server = RED.nodes.getNode(config.server);
    onInput(RED, this, {
      needsLease: false,
      act: async (msg, lease) => {
        const kind = config.kind || msg.kind || msg.event?.capability;
        if (config.action === 'recover') {
          const answer = await this.server.client.postWithRetry('/api/alerts/clear', { ...lease, ...subject(msg, lease), kind, at: happenedAt(msg) });
          return [null, { ...msg, alert: answer.alert, outcome: answer.outcome }];
        }
        const level = config.level ? Number(config.level) : msg.level;
        const details = await evaluate(RED, this, msg, config.details, config.detailsType);
        const body = { ...lease, ...subject(msg, lease), kind, level, at: happenedAt(msg), value: msg.payload, details };
        const headers = lease || !msg.idempotencyKey ? {} : { 'idempotency-key': String(msg.idempotencyKey) };
        const answer = await this.server.client.postWithRetry('/api/alerts', body, { headers });
        const out = { ...msg, alert: answer.alert, outcome: answer.outcome };
        return answer.outcome === 'created' ? [out, null] : [null, out];
      },
    });
  }
  RED.nodes.registerType('songbai-raise-alert', SongbaiRaiseAlert);
}

/** A leased event knows its device; without one the message has to say. @param {any} msg @param {unknown} lease */
function subject(msg, lease) {
  return lease ? {} : { deviceCode: msg.deviceCode, elderId: msg.elderId, tenant: msg.tenant };
}

/** @param {any} msg */
const happenedAt = (msg) => msg.event?.deviceAt ?? msg.event?.receivedAt ?? msg.at;
