/** Counts since the process started, for /metrics and the integrator's page. */
export interface DeviceMetrics {
  received: number;
  events: number;
  duplicates: number;
  malformed: number;
  unknownDevice: number;
  oversized: number;
  /** Quarantined messages that were not kept because the gateway has too many open ones. */
  dropped: number;
  /** Connections and publishes that the broker did not allow. */
  refused: number;
  /** Messages that could not be stored and were therefore not acknowledged. */
  storeFailures: number;
  flowSilent: number;
}

export const createDeviceMetrics = (): DeviceMetrics => ({
  received: 0,
  events: 0,
  duplicates: 0,
  malformed: 0,
  unknownDevice: 0,
  oversized: 0,
  dropped: 0,
  refused: 0,
  storeFailures: 0,
  flowSilent: 0,
});
