import type { SetupInput } from '#engine/identity/setup.ts';

const text = { type: 'string', maxLength: 1000 };

/** Loose on purpose: what is in the fields is judged only after the token, and told field by field. */
export const setupBody = {
  type: 'object',
  additionalProperties: false,
  required: ['token', 'district', 'account'],
  properties: {
    token: text,
    district: { type: 'object', additionalProperties: false, required: ['code', 'name'], properties: { code: text, name: text } },
    account: {
      type: 'object',
      additionalProperties: false,
      required: ['username', 'name', 'password'],
      properties: { username: text, name: text, password: text },
    },
  },
};
export type SetupBody = Omit<SetupInput, 'locale'>;
