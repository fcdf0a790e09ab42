export const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    queue: { enum: ['mine', 'group', 'due-soon', 'overdue', 'all'] },
    limit: { type: 'string', pattern: '^[0-9]{1,3}$' },
    cursor: { type: 'string', maxLength: 100 },
    search: { type: 'string', maxLength: 100 },
  },
};
export interface ListQuery {
  queue?: 'mine' | 'group' | 'due-soon' | 'overdue' | 'all';
  limit?: string;
  cursor?: string;
  search?: string;
}

const rev = { type: 'integer', minimum: 0 };
export const claimBody = { type: 'object', additionalProperties: false, properties: { rev } };
export interface ClaimBody {
  rev?: number;
}
export const completeBody = {
  type: 'object',
  additionalProperties: false,
  required: ['data'],
  properties: { data: { type: 'object' }, rev },
};
export interface CompleteBody {
  data: Record<string, unknown>;
  rev?: number;
}
