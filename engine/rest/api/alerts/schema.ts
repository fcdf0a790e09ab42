const at = { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'string', format: 'date-time' }] };
const subject = {
  /** With `leaseToken`: the leased event that this is about; it is acknowledged too. */
  eventId: { type: 'string', pattern: '^[0-9]{1,16}$' },
  leaseToken: { type: 'string', minLength: 1, maxLength: 64 },
  kind: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,63}$' },
  deviceCode: { type: 'string', minLength: 1, maxLength: 64 },
  elderId: { type: 'string', minLength: 1, maxLength: 64 },
  /** For clients of the whole installation, when there is no lease that names the district. */
  tenant: { type: 'string', maxLength: 64 },
  at,
};

export const raiseBody = {
  type: 'object',
  additionalProperties: false,
  required: ['kind'],
  dependentRequired: { eventId: ['leaseToken'], leaseToken: ['eventId'] },
  properties: { ...subject, level: { type: 'integer', minimum: 1, maximum: 4 }, value: {}, details: { type: 'object' } },
};
export const clearBody = {
  type: 'object',
  additionalProperties: false,
  required: ['kind'],
  dependentRequired: { eventId: ['leaseToken'], leaseToken: ['eventId'] },
  properties: subject,
};

export interface ClearBody {
  eventId?: string;
  leaseToken?: string;
  kind: string;
  deviceCode?: string;
  elderId?: string;
  tenant?: string;
  at?: number | string;
}
export interface RaiseBody extends ClearBody {
  level?: number;
  value?: unknown;
  details?: Record<string, unknown>;
}

export const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    status: { enum: ['active', 'all'] },
    cursor: { type: 'string', pattern: '^[0-9]{1,16}$' },
    limit: { type: 'string', pattern: '^[0-9]{1,3}$' },
  },
};
