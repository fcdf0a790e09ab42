import {
  definePlugin,
  type Json,
  type PluginContext,
  type ServiceTaskCall,
  type ServiceTaskFailure,
  type ServiceTaskOutcome,
} from '#plugins/api.ts';
import { AddressRefused, createAddressGuard, type AddressGuard } from './address-guard.ts';
import { createAllowList, type AllowList } from './allow-list.ts';
import { isJsonType, writeBody } from './request-body.ts';
import { AnswerRefused, sendRequest, type HttpAnswer } from './send-request.ts';

/** What `options/schema.json` describes. */
export interface HttpOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  query?: { name: string; value?: string | number | boolean | null }[];
  /** `{secret}` in the value, or the whole header when there is no value, is the secret of that name. */
  headers?: { name: string; value?: string; secret?: string }[];
  /** Sent as JSON, unless a header names another content type: then a text as it is, and an object as a form. */
  body?: Json;
  /** Default 10 s. */
  timeoutMs?: number;
  /** Statuses (`404`, `4xx`) that are BPMN errors. */
  errorCodes?: { status: string; code: string }[];
}

/** Headers that decide about the connection itself. */
const OURS = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'accept-encoding',
]);
/** Too early, too many, or a server in trouble: the same request may succeed later. */
const RETRY_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

export const plugin = definePlugin<HttpOptions>({
  hooks: {
    serviceTask({ log, secret, settings }) {
      const isAllowed = createAllowList(settings['SONGBAI_HTTP_ALLOW']);
      const guard = createAddressGuard(settings['SONGBAI_HTTP_PRIVATE']);
      return { run: (call) => runRequest({ isAllowed, guard, secret, log }, call) };
    },
  },
});

export interface Surroundings extends Pick<PluginContext, 'log' | 'secret'> {
  isAllowed: AllowList;
  guard: AddressGuard;
}

/** One call: from options to outcome. */
export async function runRequest(
  { isAllowed, guard, secret, log }: Surroundings,
  call: ServiceTaskCall<HttpOptions>,
): Promise<ServiceTaskOutcome> {
  const { options, tenant, signal } = call;
  const { method = 'GET', timeoutMs = 10_000 } = options;
  const url = URL.canParse(options.url) ? new URL(options.url) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return never('Expected an http or https address, but the option url is none');
  if (url.username !== '' || url.password !== '')
    return never('Expected an address without user and password, but it has them: use a header with a secret');
  if (!isAllowed(url, tenant))
    return never(
      `Expected an address that this installation allows, but ${url.origin} is not: add it to SONGBAI_HTTP_ALLOW and start again`,
    );
  for (const { name, value } of options.query ?? []) url.searchParams.append(name, String(value ?? ''));

  const used: string[] = [];
  const withoutSecrets = (text: string) => used.reduce((clean, each) => clean.replaceAll(each, '***'), text);
  const startedAt = performance.now();
  const about = (status: number | string) => ({ method, origin: url.origin, status, ms: Math.round(performance.now() - startedAt) });
  try {
    const headers = await headersOf(call, async (name) => {
      const value = await secret(name, tenant);
      used.push(value);
      return value;
    });
    const body = method === 'GET' || options.body === undefined ? null : bodyOf(options.body, headers);
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const address = await unlessAborted(within, guard(url.hostname));
    const answer = await sendRequest({ url, method, headers, body, address, signal: within });
    log.info(about(answer.status), 'http request');
    return outcomeOf(answer, url, options.errorCodes ?? [], withoutSecrets);
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException;
    log.info(about(code ?? name), 'http request failed');
    if (error instanceof AddressRefused || error instanceof AnswerRefused || error instanceof RequestRefused) return never(message);
    if (name === 'TimeoutError' || name === 'AbortError')
      return later(`Expected ${url.origin} to answer within ${timeoutMs} ms, but it did not`);
    return later(`Expected ${url.origin} to answer, but: ${withoutSecrets(code ?? message)}`);
  }
}

/** The options ask for something that cannot be sent. */
class RequestRefused extends Error {}

async function headersOf(
  { options, idempotencyKey }: ServiceTaskCall<HttpOptions>,
  secret: (name: string) => Promise<string>,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
    'accept-encoding': 'identity',
    'user-agent': 'Songbai',
  };
  const { method = 'GET' } = options;
  if (method !== 'GET') headers['idempotency-key'] = idempotencyKey;
  if (method !== 'GET' && options.body !== undefined) headers['content-type'] = 'application/json';
  for (const { name, value, secret: secretName } of options.headers ?? []) {
    const key = name.toLowerCase();
    if (OURS.has(key)) throw new RequestRefused(`Expected headers of the request's content, but ${name} belongs to the connection`);
    const text =
      secretName === undefined ? (value ?? '') : (value ?? '{secret}').split('{secret}').join(await secretOf(secretName, secret));
    if (/[^\t\x20-\x7e\x80-\xff]/.test(text))
      throw new RequestRefused(`Expected a header of one line in Latin letters, but ${name} holds others`);
    headers[key] = text;
  }
  return headers;
}

function bodyOf(body: Json, headers: Record<string, string>): string {
  try {
    return writeBody(body, headers['content-type'] ?? 'application/json');
  } catch (error) {
    throw new RequestRefused((error as Error).message, { cause: error });
  }
}

async function secretOf(name: string, secret: (name: string) => Promise<string>): Promise<string> {
  try {
    return await secret(name);
  } catch (error) {
    throw new RequestRefused((error as Error).message, { cause: error });
  }
}

function outcomeOf(
  answer: HttpAnswer,
  url: URL,
  errorCodes: readonly { status: string; code: string }[],
  clean: (text: string) => string,
): ServiceTaskOutcome {
  const { status, headers, text } = answer;
  let body: Json = text;
  let isBroken = false;
  try {
    if (isJsonType(headers['content-type']) && text !== '') body = JSON.parse(text) as Json;
  } catch {
    isBroken = true;
  }
  if (status >= 200 && status < 300)
    return isBroken
      ? later(`Expected ${url.origin} to answer JSON as it says, but it is none`)
      : { kind: 'completed', output: { status, headers, body } };
  const error = errorCodes.find((each) => each.status === String(status) || each.status === `${Math.floor(status / 100)}xx`);
  const message = `Expected ${url.origin} to answer 2xx, but it answered ${status}`;
  if (error) return { kind: 'bpmnError', code: error.code, message };
  const details = clean(text).slice(0, 1_000);
  return RETRY_STATUS.has(status) ? { ...later(message), details, ...retryAfter(headers) } : { ...never(message), details };
}

/** RFC 9110 10.2.3, in seconds; dates are left to the model's own waits. */
function retryAfter(headers: Record<string, string>): { retryAfterMs?: number } {
  const value = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(value) ? { retryAfterMs: Number(value) * 1_000 } : {};
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const handleAbort = () => reject(signal.reason as Error);
    if (signal.aborted) handleAbort();
    signal.addEventListener('abort', handleAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', handleAbort));
  });
}

const never = (message: string): ServiceTaskFailure => ({ kind: 'failed', message, retry: false });
const later = (message: string): ServiceTaskFailure => ({ kind: 'failed', message, retry: true });
