import { createEngineClient } from '../lib/engine-client.js';

/**
 * Config node: which engine the flows work for. An empty address means the engine that runs this Node-RED, whose address
 * and token come from the settings and are never part of a flow.
 * @param {any} RED
 */
export default function register(RED) {
  /** @this {any} @param {any} config */
  function SongbaiServer(config) {
    RED.nodes.createNode(this, config);
    const own = RED.settings.songbai ?? {};
    const url = config.url || own.url;
    const token = this.credentials?.token || (config.url ? '' : own.token);
    /** Events that were handed to the flow and not settled yet: id → end of the lease. */
    const open = new Map();
    this.client = url ? createEngineClient({ url, token: token ?? '' }) : null;

    /** @param {string} eventId @param {number} leaseMs */
    this.track = (eventId, leaseMs) => {
      const timer = setTimeout(() => this.settle(eventId), leaseMs);
      open.set(eventId, timer);
    };
    /** The flow is through with the event, or its lease is over. @param {string} eventId */
    this.settle = (eventId) => {
      const timer = open.get(eventId);
      if (timer === undefined) return;
      clearTimeout(timer);
      open.delete(eventId);
      this.emit('settled', eventId);
    };
    this.openEvents = () => open.size;

    this.on('close', () => {
      for (const timer of open.values()) clearTimeout(timer);
      open.clear();
      this.client?.close();
    });
  }
  RED.nodes.registerType('songbai-server', SongbaiServer, { credentials: { token: { type: 'password' } } });
}
