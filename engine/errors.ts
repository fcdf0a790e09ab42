/**
 * The three families of errors; each class carries its HTTP status. Codes are listed in docs/errors.md.
 * `RequestError`: the caller's doing (4xx). `TransientError`: try again (503). `InvariantError`: our bug (500, message hidden).
 */
export class RequestError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown> | undefined;

  constructor(status: number, code: string, message: string, details?: Record<string, unknown>, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const invalidInput = (code: string, message: string, details?: Record<string, unknown>) =>
  new RequestError(400, code, message, details);
export const notAuthenticated = (message = 'Expected a session or API credentials, but the request has none that are valid') =>
  new RequestError(401, 'NOT_AUTHENTICATED', message);
export const notAllowed = (message: string, details?: Record<string, unknown>) => new RequestError(403, 'NOT_ALLOWED', message, details);
export const notFound = (what: string, id: string | number) =>
  new RequestError(404, 'NOT_FOUND', `Expected ${what} ${id} to exist, but none was found`, { what, id: String(id) });
export const conflict = (code: string, message: string, details?: Record<string, unknown>) => new RequestError(409, code, message, details);

export class TransientError extends Error {
  readonly code: string;
  readonly status = 503;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TransientError';
    this.code = code;
  }
}

export class InvariantError extends Error {
  readonly code = 'INVARIANT';
  readonly status = 500;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'InvariantError';
  }
}
