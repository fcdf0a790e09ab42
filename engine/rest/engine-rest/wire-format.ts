import { formatDate, parseDate } from '#engine/expressions/iso-date.ts';
import { invalidInput, notFound } from '#engine/errors.ts';
import type { SqlValue } from '#engine/store/unit-of-work.ts';

/** Camunda's date text, `yyyy-MM-dd'T'HH:mm:ss.SSS+0000`. */
export const wireTime = (at: SqlValue | undefined): string | null => (at === null || at === undefined ? null : formatDate(Number(at)));

/** Ids are strings on the wire. */
export const wireId = (id: SqlValue | undefined): string | null => (id === null || id === undefined ? null : String(id));

export const wireText = (text: SqlValue | undefined): string | null => (text === null || text === undefined ? null : String(text));

/** The shared standard content has no tenant on the wire. */
export const wireTenant = (tenant: SqlValue | undefined): string | null => (tenant ? String(tenant) : null);

const ID = /^[1-9][0-9]{0,15}$/;

/** An id of a path; what cannot be one of ours does not exist. @throws RequestError 404 */
export function idOf(text: string | undefined, what: string): number {
  if (text === undefined || !ID.test(text)) throw notFound(what, (text ?? '').slice(0, 60));
  return Number(text);
}

/** An id inside a filter: what cannot be one of ours matches nothing. */
export const filterId = (text: string): number => (ID.test(text) ? Number(text) : -1);

/** A `+` of the time zone arrives as a space when the caller did not encode it. @throws RequestError 400 */
export function timeOf(text: string, name: string): number {
  const at = parseDate(text.replace(/ (\d{2}:?\d{2})$/, '+$1'));
  if (at === null)
    throw invalidInput('QUERY_INVALID', `Expected ${name} to be a date like 2026-11-22T08:00:00.000+0800, but it is not`, {
      problem: name,
    });
  return at;
}
