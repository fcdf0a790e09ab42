import type { TypedValue } from '#engine/core/values.ts';
import { invalidInput } from '#engine/errors.ts';
import type { Reply } from '#engine/rest/route.ts';

/** Always a download: whatever the file says it is, no browser shows it as a page of ours. @throws RequestError 400 */
export function contentOf({ type, value, info = {} }: TypedValue): Reply {
  if ((type !== 'File' && type !== 'Bytes') || typeof value !== 'string')
    throw invalidInput('QUERY_INVALID', 'Expected a binary variable, but it is of another type', { problem: 'type' });
  const mimetype = /^[\w.+-]+\/[\w.+-]+$/.test(info['mimetype'] ?? '') ? String(info['mimetype']) : 'application/octet-stream';
  const charset = /^[\w-]+$/.test(info['encoding'] ?? '') ? `; charset=${String(info['encoding'])}` : '';
  const filename = encodeURIComponent(info['filename'] ?? 'data');
  return {
    body: Buffer.from(value, 'base64'),
    type: `${mimetype}${charset}`,
    headers: {
      'content-disposition': `attachment; filename*=UTF-8''${filename}`,
      'content-security-policy': "default-src 'none'; sandbox",
    },
  };
}
