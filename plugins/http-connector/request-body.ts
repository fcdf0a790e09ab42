import type { Json } from '#plugins/api.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

export const isJsonType = (contentType: string | undefined): boolean => JSON_TYPE.test(contentType ?? '');

/** The bytes that the content type asks for: JSON unless it names something else. @throws Error when the body cannot be written like that */
export function writeBody(body: Json, contentType: string): string {
  if (isJsonType(contentType)) return JSON.stringify(body);
  if (typeof body === 'string') return body;
  if (!FORM_TYPE.test(contentType) || typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Error(`Expected a text as the body for ${contentType}, but it is ${Array.isArray(body) ? 'a list' : typeof body}`);
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'object' && value !== null) throw new Error(`Expected plain fields in a form, but ${name} is none`);
    form.append(name, String(value ?? ''));
  }
  return form.toString();
}

/** The text of an answer in the charset that it names (many systems still send GBK); unknown ones are read as UTF-8. */
export function readBody(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
