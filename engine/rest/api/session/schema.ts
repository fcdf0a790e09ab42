export const credentials = {
  type: 'object',
  additionalProperties: false,
  required: ['username', 'password'],
  properties: { username: { type: 'string', minLength: 1, maxLength: 64 }, password: { type: 'string', minLength: 1, maxLength: 256 } },
};
export interface Credentials {
  username: string;
  password: string;
}

export const localeChoice = {
  type: 'object',
  additionalProperties: false,
  required: ['locale'],
  properties: { locale: { enum: ['zh-CN', 'en'] } },
};
export interface LocaleChoice {
  locale: 'zh-CN' | 'en';
}
