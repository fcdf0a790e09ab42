/** One field's error; `pointer` is a JSON pointer into the submitted data. */
export interface FieldError {
  pointer: string;
  keyword?: string;
  message: string;
}

/** What went wrong, in classes that a clerk can act on; each has a sentence `problem.<kind>` in both languages. */
export type ProblemKind = 'network' | 'signedOut' | 'forbidden' | 'notFound' | 'conflict' | 'invalid' | 'tooMany' | 'server';

/** A request that the server refused or never got; `status` 0 = it never arrived. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** The server's own sentence, already in the caller's language. */
  readonly detail: string | null;
  readonly errors: FieldError[];

  constructor(status: number, code: string, detail: string | null, errors: FieldError[] = []) {
    super(detail ?? code);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}

const KIND_BY_STATUS: Record<number, ProblemKind> = {
  0: 'network',
  401: 'signedOut',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  400: 'invalid',
  413: 'invalid',
  422: 'invalid',
  429: 'tooMany',
};

/** The class of any thrown value; what is not an `ApiError` is a fault of the page itself and reads as `server`. */
export function problemKind(error: unknown): ProblemKind {
  if (!(error instanceof ApiError)) return 'server';
  return KIND_BY_STATUS[error.status] ?? 'server';
}
