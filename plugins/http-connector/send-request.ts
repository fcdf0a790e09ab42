import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Address } from './address-guard.ts';
import { readBody } from './request-body.ts';

export interface HttpRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  /** Where to connect; the name is not looked up again. */
  address: Address;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The answer is too large or in a form that we do not read; trying again cannot help. */
export class AnswerRefused extends Error {}

export const MAX_ANSWER_BYTES = 512 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** What the other side would have our next call say again: credentials, no data. */
const DROPPED_HEADERS = new Set(['set-cookie', 'set-cookie2', 'authorization', 'proxy-authenticate', 'www-authenticate']);

/** One request on a connection of its own; redirects are answers like any other. @throws AnswerRefused, or Node's error of the connection */
export function sendRequest({ url, method, headers, body, address, signal }: HttpRequest): Promise<HttpAnswer> {
  const pinned: LookupFunction = (_name, options, done) =>
    options.all ? done(null, [address]) : done(null, address.address, address.family);
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'https:' ? https : http;
    const request = open(url, { method, headers, lookup: pinned, agent: false, signal, maxHeaderSize: MAX_HEADER_BYTES });
    // A connection that became something else (101) ends without response and without error.
    const handleClose = () => reject(new Error('the connection was closed without an answer'));
    request.once('close', handleClose);
    request.once('error', reject);
    request.once('response', (response) => {
      // The connection may be closed before the answer is read to its end.
      request.off('close', handleClose);
      void readAnswer(response).then(resolve, reject);
    });
    request.end(body ?? undefined);
  });
}

async function readAnswer(response: http.IncomingMessage): Promise<HttpAnswer> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    response.destroy();
    throw new AnswerRefused(`Expected an answer that is not compressed, but its encoding is ${encoding.slice(0, 20)}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the response and its connection.
    if (bytes > MAX_ANSWER_BYTES) throw new AnswerRefused(`Expected an answer of at most ${MAX_ANSWER_BYTES} bytes, but it is larger`);
    chunks.push(chunk);
  }
  const headers = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined || DROPPED_HEADERS.has(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    text: readBody(Buffer.concat(chunks), response.headers['content-type']),
  };
}
