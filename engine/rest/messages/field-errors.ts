import { RequestError } from '#engine/errors.ts';
import { messageText, type Locale } from './message-text.ts';

/** @throws RequestError 422 `FORM_INVALID` with one sentence per field in the caller's language, when there are any problems */
export function refuseFields(problems: readonly { pointer: string; keyword: string }[], locale: Locale): void {
  if (problems.length === 0) return;
  const errors = problems.map((problem) => ({ ...problem, message: messageText(locale, `field.${problem.keyword}`) ?? problem.keyword }));
  throw new RequestError(422, 'FORM_INVALID', `Expected valid fields, but ${errors.length} did not pass`, { errors });
}
