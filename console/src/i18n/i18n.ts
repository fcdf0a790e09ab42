import { createI18n } from 'vue-i18n';
import { setRequestLanguage } from '../api/http.ts';

export type Locale = 'zh-CN' | 'en';
export const LOCALES: readonly Locale[] = ['zh-CN', 'en'];

type Messages = Record<string, string>;
const loaders: Record<Locale, () => Promise<{ default: Messages }>> = {
  'zh-CN': () => import('./zh-CN.json'),
  en: () => import('./en.json'),
};

/** Messages are flat (`inbox.queue.mine`); a language is loaded when it is first wanted. */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  flatJson: true,
  messages: {} as Record<Locale, Messages>,
});

const STORED = 'songbai.locale';

/** The language that was chosen in this browser, if any. */
export const chosenLocale = (): Locale | null => LOCALES.find((locale) => locale === localStorage.getItem(STORED)) ?? null;

/** The chosen language, else the browser's, else Chinese. */
export const preferredLocale = (): Locale => chosenLocale() ?? (navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN');

/** Notes that a person chose it, in this browser. */
export const rememberLocale = (locale: Locale): void => localStorage.setItem(STORED, locale);

/** Switches the whole page; resolves when the texts are there. */
export async function setLocale(locale: Locale): Promise<void> {
  const { global } = i18n;
  if (!(global.availableLocales as string[]).includes(locale)) global.setLocaleMessage(locale, (await loaders[locale]()).default);
  global.locale.value = locale;
  setRequestLanguage(locale);
  document.documentElement.lang = locale;
}
