import { ROLES, type Role } from '#engine/identity/principal.ts';

const text = { type: 'string', maxLength: 1000 };

export const accountBody = {
  type: 'object',
  additionalProperties: false,
  required: ['username', 'name', 'password', 'roles', 'areas'],
  properties: {
    username: text,
    name: text,
    password: text,
    roles: { type: 'array', items: { enum: [...ROLES] }, uniqueItems: true, maxItems: ROLES.length },
    groups: { type: 'array', items: { type: 'string', maxLength: 64 }, uniqueItems: true, maxItems: 20 },
    areas: { type: 'array', items: { type: 'string', maxLength: 190 }, uniqueItems: true, maxItems: 50 },
    locale: { enum: ['zh-CN', 'en'] },
  },
};
export interface AccountBody {
  username: string;
  name: string;
  password: string;
  roles: Role[];
  groups?: string[];
  areas: string[];
  locale?: 'zh-CN' | 'en';
}
