const leaseToken = { type: 'string', minLength: 1, maxLength: 64 };
const variables = { type: 'object', maxProperties: 100 };
const businessKey = { anyOf: [{ type: 'string', maxLength: 255 }, { type: 'null' }] };

export const fetchBody = {
  type: 'object',
  additionalProperties: false,
  required: ['workerId', 'max', 'leaseMs'],
  properties: {
    workerId: { type: 'string', minLength: 1, maxLength: 100 },
    max: { type: 'integer', minimum: 1, maximum: 100 },
    leaseMs: { type: 'integer', minimum: 1000, maximum: 600_000 },
    /** How long the answer may wait for the first event. */
    waitMs: { type: 'integer', minimum: 0, maximum: 30_000 },
    capabilities: { type: 'array', maxItems: 50, items: { type: 'string', maxLength: 64 } },
  },
};
export interface FetchBody {
  workerId: string;
  max: number;
  leaseMs: number;
  waitMs?: number;
  capabilities?: string[];
}

export const ackBody = { type: 'object', additionalProperties: false, required: ['leaseToken'], properties: { leaseToken } };
export interface AckBody {
  leaseToken: string;
}

export const failBody = {
  type: 'object',
  additionalProperties: false,
  required: ['leaseToken', 'error'],
  properties: { leaseToken, error: { type: 'string', maxLength: 4000 } },
};
export interface FailBody extends AckBody {
  error: string;
}

export const startBody = {
  type: 'object',
  additionalProperties: false,
  required: ['leaseToken', 'processKey'],
  properties: { leaseToken, processKey: { type: 'string', minLength: 1, maxLength: 190 }, businessKey, variables },
};
export interface StartBody extends AckBody {
  processKey: string;
  businessKey?: string | null;
  variables?: Record<string, unknown>;
}

export const correlateBody = {
  type: 'object',
  additionalProperties: false,
  required: ['leaseToken', 'message'],
  properties: { leaseToken, message: { type: 'string', minLength: 1, maxLength: 190 }, businessKey, correlationKeys: variables, variables },
};
export interface CorrelateBody extends AckBody {
  message: string;
  businessKey?: string | null;
  correlationKeys?: Record<string, unknown>;
  variables?: Record<string, unknown>;
}
