/** Why the database cannot be used: told to the operator in one line, then the process ends. Codes are listed in docs/errors.md. */
export class StartupError extends Error {
  readonly code: StartupErrorCode;

  constructor(code: StartupErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartupError';
    this.code = code;
  }
}

export type StartupErrorCode =
  | 'DATABASE_URL_INVALID'
  | 'DATABASE_DIRECTORY_NOT_WRITABLE'
  | 'DATABASE_IN_USE'
  | 'DATABASE_FILE_INVALID'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_MISSING'
  | 'DATABASE_ACCESS_DENIED'
  | 'DATABASE_COLLATION'
  | 'DATABASE_SCHEMA_NEWER';
