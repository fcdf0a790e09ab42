export const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    key: { type: 'string', maxLength: 190 },
    status: { enum: ['active', 'ended', 'all'] },
    businessKey: { type: 'string', maxLength: 255 },
    search: { type: 'string', maxLength: 100 },
    cursor: { type: 'string', maxLength: 100 },
    limit: { type: 'string', pattern: '^[0-9]{1,3}$' },
  },
};
export interface ListQuery {
  key?: string;
  status?: 'active' | 'ended' | 'all';
  businessKey?: string;
  search?: string;
  cursor?: string;
  limit?: string;
}

export const activateBody = {
  type: 'object',
  additionalProperties: false,
  required: ['elements'],
  properties: {
    elements: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: { id: { type: 'string', maxLength: 190 }, variables: { type: 'object', maxProperties: 100 } },
      },
    },
  },
};
export interface ActivateBody {
  elements: { id: string; variables?: Record<string, unknown> }[];
}
