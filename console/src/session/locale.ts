import { saveLocale } from '../api/session.ts';
import { setLocale, type Locale } from '../i18n/i18n.ts';
import { account } from './session.ts';

/** Switches the page at once and tells the server, so that its sentences and spoken texts follow. */
export async function changeLocale(locale: Locale): Promise<void> {
  await setLocale(locale);
  // The page is already in the new language; a server that could not note it is told again at the next change.
  if (account.value !== null) await saveLocale(locale).catch(() => undefined);
}
