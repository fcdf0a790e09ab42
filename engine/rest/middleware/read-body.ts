import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { invalidInput, RequestError } from '#engine/errors.ts';
import { refuseBeforeParsing } from './hostile-json.ts';

export const DEFAULT_BODY_LIMIT = 1024 * 1024;

/** The whole request body, at most `limit` bytes. @throws RequestError 413 */
export function readBytes(req: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        req.removeAllListeners('data');
        req.resume();
        reject(tooLarge(limit));
      } else chunks.push(chunk);
    });
    req.once('end', () => resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, size)));
    req.once('error', reject);
    req.once('close', () => {
      // Comes after every request; only one that was cut off is worth an error with its stack.
      if (!req.complete) reject(invalidInput('BODY_INVALID', 'Expected the whole body, but the connection closed', { problem: 'aborted' }));
    });
  });
}

/** An absent body is `{}`. @throws RequestError 400, 413, 415 */
export async function readJson(req: IncomingMessage, limit: number): Promise<{ text: string; value: unknown }> {
  const type = req.headers['content-type'];
  const empty = !req.headers['content-length'] || req.headers['content-length'] === '0';
  if (empty && !req.headers['transfer-encoding']) return { text: '', value: {} };
  if (!isJson(type) || req.headers['content-encoding']) throw unsupported('application/json');
  const bytes = await readBytes(req, limit);
  if (!isUtf8(bytes)) throw invalidInput('BODY_NOT_JSON', 'Expected the body to be JSON in UTF-8, but it has other bytes');
  refuseBeforeParsing(bytes);
  const text = bytes.toString('utf8');
  if (text === '') return { text, value: {} };
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    throw invalidInput('BODY_NOT_JSON', 'Expected the body to be JSON, but it cannot be parsed');
  }
}

export const unsupported = (expected: string) =>
  new RequestError(415, 'UNSUPPORTED_MEDIA_TYPE', `Expected the content type ${expected}, but the request has another`, { expected });

function isJson(type: string | undefined): boolean {
  if (type === 'application/json') return true;
  return type !== undefined && /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type);
}

function tooLarge(limit: number): RequestError {
  return new RequestError(413, 'BODY_TOO_LARGE', `Expected at most ${limit} bytes, but the body is larger`, { limit });
}
