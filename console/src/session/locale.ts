import { saveLocale } from '../api/session.ts';
import { chosenLocale, LOCALES, rememberLocale, setLocale, type Locale } from '../i18n/i18n.ts';
import { account } from './session.ts';

/** Switches the page at once and tells the server, so that its sentences and spoken texts follow. */
export async function changeLocale(locale: Locale): Promise<void> {
  rememberLocale(locale);
  await setLocale(locale);
  // The page is already in the new language; a server that could not note it is told again at the next sign-in.
  if (account.value !== null) await saveLocale(locale).catch(() => undefined);
}

/** After sign-in: what was chosen in this browser goes to the server, else the account's language comes here. */
export async function reconcileLocale(accountLocale: string): Promise<void> {
  const chosen = chosenLocale();
  if (chosen === null) await setLocale(LOCALES.find((locale) => locale === accountLocale) ?? 'zh-CN');
  else if (chosen !== accountLocale) await changeLocale(chosen);
}
