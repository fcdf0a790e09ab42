export const startBody = {
  type: 'object',
  additionalProperties: false,
  required: ['data'],
  properties: { data: { type: 'object' }, businessKey: { type: ['string', 'null'], maxLength: 255 } },
};
export interface StartBody {
  data: Record<string, unknown>;
  businessKey?: string | null;
}
