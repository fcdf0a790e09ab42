import en from './en.json' with { type: 'json' };
import zhCN from './zh-CN.json' with { type: 'json' };

export type Locale = 'zh-CN' | 'en';

const CATALOGS: Record<Locale, Readonly<Record<string, string>>> = { 'zh-CN': zhCN, en };

/** The catalog's text with `{name}` replaced from `params`; null when the key is unknown. */
export function messageText(locale: Locale, key: string, params: Readonly<Record<string, unknown>> = {}): string | null {
  const template = CATALOGS[locale][key];
  if (template === undefined) return null;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => plain(params[name]));
}

/** `zh-CN` unless the caller prefers English, by the first language it names. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  return acceptLanguage && /^\s*en\b/i.test(acceptLanguage) ? 'en' : 'zh-CN';
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
