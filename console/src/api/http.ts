import { ApiError, type FieldError } from './problem.ts';

export interface RequestOptions {
  query?: Record<string, string | number | undefined | null>;
  body?: unknown;
  signal?: AbortSignal;
  /** Makes a repeated POST harmless: the server answers it with the first result. */
  idempotencyKey?: string;
  /** A 401 here is an answer ("nobody is signed in"), not an expiry. */
  anonymous?: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

let csrfToken: string | null = null;
let language = 'zh-CN';
let sessionExpired: () => void = () => undefined;

/** Sets the token that every write sends; null after sign-out. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Sets the language in which the server words its details. */
export function setRequestLanguage(tag: string): void {
  language = tag;
}

/** Registers what happens when the server no longer knows the session. */
export function onSessionExpired(callback: () => void): void {
  sessionExpired = callback;
}

/** The address with its query; absent, null and empty values are left out. */
export function withQuery(path: string, query: RequestOptions['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The headers that every call carries. */
export function baseHeaders(): Record<string, string> {
  return { Accept: 'application/json', 'Accept-Language': language };
}

/**
 * Sends a request to `/api` and returns the raw answer.
 * @throws {ApiError} for every status outside 2xx and when the server cannot be reached.
 */
async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const headers = baseHeaders();
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken !== null) headers['X-CSRF-Token'] = csrfToken;
  if (options.idempotencyKey !== undefined) headers['Idempotency-Key'] = options.idempotencyKey;
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;

  let response: Response;
  try {
    response = await fetch(withQuery(path, options.query), init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, 'network', null);
  }
  if (response.ok) return response;
  if (response.status === 401 && !options.anonymous) sessionExpired();
  throw await toApiError(response);
}

async function toApiError(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    title?: string;
    detail?: string;
    message?: string;
    errors?: FieldError[];
  };
  const detail = problem.detail ?? problem.title ?? problem.message ?? null;
  return new ApiError(response.status, problem.code ?? String(response.status), detail, problem.errors ?? []);
}

/** JSON in, JSON out; 204 and an empty body give undefined. @throws {ApiError} */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** A text resource, e.g. a BPMN diagram. @throws {ApiError} */
export async function requestText(path: string, options: RequestOptions = {}): Promise<string> {
  return (await send('GET', path, options)).text();
}
