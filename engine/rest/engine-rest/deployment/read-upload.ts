import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import { invalidInput, RequestError } from '#engine/errors.ts';
import { unsupported } from '#engine/rest/middleware/read-body.ts';

export interface Upload {
  fields: ReadonlyMap<string, string>;
  files: { name: string; content: Uint8Array }[];
}

const MAX_FILES = 200;
const MAX_FIELDS = 50;

/** A `multipart/form-data` body of at most `limit` bytes of files; a file keeps the folders of its name. @throws RequestError 400, 413, 415 */
export function readUpload(req: IncomingMessage, limit: number): Promise<Upload> {
  if (!/^multipart\/form-data\b/i.test(req.headers['content-type'] ?? '')) throw unsupported('multipart/form-data');
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const files: Upload['files'] = [];
    const names = new Set<string>();
    let size = 0;
    const parser = open(req);
    const stop = (error: RequestError) => {
      req.unpipe(parser);
      req.resume();
      reject(error);
    };
    parser.on('file', (field, stream, { filename }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > limit)
          stop(new RequestError(413, 'BODY_TOO_LARGE', `Expected at most ${limit} bytes, but the upload is larger`, { limit }));
        else chunks.push(chunk);
      });
      const name = filename || field;
      if (!isResourceName(name)) stop(malformed('file names that are relative paths with "/", of at most 200 characters,'));
      if (names.has(name)) stop(malformed('each file name once'));
      names.add(name);
      stream.on('end', () => files.push({ name, content: Buffer.concat(chunks) }));
    });
    parser.on('field', (name, value) => fields.set(name, value));
    parser.on('filesLimit', () => stop(malformed(`at most ${MAX_FILES} files`)));
    parser.on('fieldsLimit', () => stop(malformed(`at most ${MAX_FIELDS} fields`)));
    parser.on('error', () => stop(malformed('well-formed parts')));
    parser.on('close', () => resolve({ fields, files }));
    req.once('aborted', () => stop(malformed('the whole upload')));
    req.pipe(parser);
  });
}

function open(req: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      // `work-order-intake/schema.json`: the folder is the form's key.
      preservePath: true,
      limits: { files: MAX_FILES, fields: MAX_FIELDS, fieldSize: 10_000, parts: MAX_FILES + MAX_FIELDS },
    });
  } catch {
    throw malformed('a boundary');
  }
}

/** A relative path below nothing but itself, whoever writes it to a disk one day. */
const isResourceName = (name: string): boolean =>
  name.length <= 200 && !/[\p{Cc}\\]|^[a-z]:/iu.test(name) && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

const malformed = (what: string) => invalidInput('MULTIPART_INVALID', `Expected form data with ${what}, but it is not`);
