import mysql, { type Connection, type ConnectionOptions } from 'mysql2';
import { InvariantError, TransientError } from '#engine/errors.ts';
import { StartupError } from '../startup-error.ts';
import type { Row, SqlValue } from '../unit-of-work.ts';

/** No statement may hold a connection longer; a lost link answers nothing at all, so the client counts as well. */
const STATEMENT_TIMEOUT_S = 10;
export const QUERY_TIMEOUT_MS = 15_000;
/** How often a read is asked that meets passing faults. */
export const READ_TRIES = 3;

/** Server error numbers. @see https://mariadb.com/kb/en/mariadb-error-code-reference/ */
export const DUPLICATE_KEY = 1062;
const CHECK_FAILED = new Set([4025, 3819]);
const STATEMENT_TIMEOUT = new Set([1969, 3024]);
const RETRYABLE = new Set([1213, 1205, 1020, ...STATEMENT_TIMEOUT]);
/** The server ended the connection, or is no member of its cluster: what it was doing is unknown. */
const LINK_GONE = new Set([1047, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1927]);

export interface MysqlConnection {
  /** One result per statement. */
  query(sql: string): Promise<unknown[]>;
  destroy(): void;
  end(): Promise<void>;
}

export interface ServerTraits {
  isMariaDb: boolean;
  version: string;
}

/** Connection settings from `mysql://user:password@host:port/database`. @throws StartupError */
export function mysqlConfig(url: string): ConnectionOptions & { database: string } {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (error) {
    throw new StartupError(
      'DATABASE_URL_INVALID',
      'Expected SONGBAI_DATABASE_URL to be mysql://user:password@host:port/database, but it is no URL',
      { cause: error },
    );
  }
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (!parsed.hostname || database === '' || database.includes('/')) {
    throw new StartupError(
      'DATABASE_URL_INVALID',
      'Expected SONGBAI_DATABASE_URL to be mysql://user:password@host:port/database, but host or database is missing',
    );
  }
  return {
    host: decodeURIComponent(parsed.hostname).replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 3306 : Number(parsed.port),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database,
    charset: 'utf8mb4_bin',
    connectTimeout: 5000,
    decimalNumbers: true,
    enableKeepAlive: true,
  };
}

/** Settings of every session: strict, read committed, no waiting without end. MariaDB and MySQL name the statement timeout differently. */
export function sessionSql({ isMariaDb }: ServerTraits): string {
  const timeout = isMariaDb ? `max_statement_time = ${STATEMENT_TIMEOUT_S}` : `max_execution_time = ${STATEMENT_TIMEOUT_S * 1000}`;
  const isolation = isMariaDb ? 'tx_isolation' : 'transaction_isolation';
  const mode = "sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";
  // Our text columns compare byte by byte, as SQLite does; literals have to say the same.
  const names = 'character_set_client = utf8mb4, character_set_results = utf8mb4, collation_connection = utf8mb4_bin';
  return `SET SESSION ${mode}, ${names}, innodb_lock_wait_timeout = 5, ${timeout}, ${isolation} = 'READ-COMMITTED'`;
}

/** Opens a connection for the batcher: the only place where several statements may go in one message. */
export async function connectMysql(config: ConnectionOptions, traits: ServerTraits): Promise<MysqlConnection> {
  const connection = mysql.createConnection({ ...config, multipleStatements: true });
  // A broken idle connection is found by its next query; without a listener the event would end the process.
  connection.on('error', () => {});
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  const wrapped = wrap(connection);
  await wrapped.query(sessionSql(traits));
  return wrapped;
}

function wrap(connection: Connection): MysqlConnection {
  return {
    query: (sql) =>
      new Promise((resolve, reject) => {
        connection.query({ sql, timeout: QUERY_TIMEOUT_MS }, (error, result) => {
          if (error) reject(error);
          else resolve(Array.isArray(result) && isResultList(result) ? result : [result]);
        });
      }),
    destroy: () => connection.destroy(),
    end: () => new Promise((resolve) => connection.end(() => resolve())),
  };
}

/** Several statements give a list of row lists and headers; one SELECT gives a list of rows. */
function isResultList(result: unknown[]): boolean {
  const [first] = result;
  return Array.isArray(first) || (typeof first === 'object' && first !== null && first.constructor.name === 'ResultSetHeader');
}

export function literal(value: SqlValue | undefined): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return mysql.escape(value);
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return `X'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}'`;
  throw new InvariantError(`Expected text, number, bytes or null for the database, but got ${typeof value}`);
}

/** Puts the values in the place of `?`; the texts of our statements hold no other question mark. */
export function bindSql(sql: string, params: readonly SqlValue[]): string {
  let index = 0;
  return sql.replace(/\?/g, () => literal(params[index++]));
}

export const rowsOf = (result: unknown): Row[] => (Array.isArray(result) ? (result as Row[]) : []);

export const errnoOf = (error: unknown): number => Number((error as { errno?: unknown }).errno ?? 0);
export const isDuplicate = (error: unknown) => errnoOf(error) === DUPLICATE_KEY;
export const isLostGuard = (error: unknown) => CHECK_FAILED.has(errnoOf(error));
/** Deadlock, lock wait, changed snapshot, statement timeout: the server has answered, nothing is committed. */
export const isRetryable = (error: unknown) => RETRYABLE.has(errnoOf(error));

/** The connection is of no use any more, and a COMMIT that was under way may or may not have happened. */
export function isLinkGone(error: unknown): boolean {
  const { fatal, code } = error as { fatal?: boolean; code?: string };
  return (
    fatal === true || LINK_GONE.has(errnoOf(error)) || code === 'PROTOCOL_SEQUENCE_TIMEOUT' || /^(E[A-Z]+|PROTOCOL_\w+)$/.test(code ?? '')
  );
}

/** Of a read: asking again at once is safe and will do. After a timeout it would only make the caller wait twice. */
export function isPassing(error: unknown): boolean {
  const { code } = error as { code?: string };
  if (error instanceof TransientError || code === 'PROTOCOL_SEQUENCE_TIMEOUT' || code === 'ETIMEDOUT') return false;
  return isLinkGone(error) || (isRetryable(error) && !STATEMENT_TIMEOUT.has(errnoOf(error)));
}

export function unreachable(cause: unknown): TransientError {
  return new TransientError('DATABASE_UNREACHABLE', 'Expected the database server to answer, but it does not', { cause });
}

/** Server errors as ours, for reads; SQL text never reaches a caller. */
export function readableError(error: unknown): unknown {
  if (isLinkGone(error)) return unreachable(error);
  if (isRetryable(error))
    return new TransientError('DATABASE_BUSY', 'Expected the database to answer in time, but it is busy', { cause: error });
  return error;
}

/** Why a first connection failed, for the operator. */
export function startupError(error: unknown, { host, port, user, database }: ConnectionOptions): unknown {
  const { code = '' } = error as { code?: string };
  const errno = errnoOf(error);
  if (errno === 1045 || errno === 1044 || errno === 1698) {
    return new StartupError(
      'DATABASE_ACCESS_DENIED',
      `Expected ${user} to have access to database ${database} on ${host}:${port}, but the server refused`,
      { cause: error },
    );
  }
  if (errno === 1049)
    return new StartupError(
      'DATABASE_MISSING',
      `Expected the database ${database} on ${host}:${port}, but it does not exist and ${user} may not create it`,
      { cause: error },
    );
  if (code !== '' && isLinkGone(error))
    return new StartupError('DATABASE_UNREACHABLE', `Expected a database server on ${host}:${port}, but it cannot be reached (${code})`, {
      cause: error,
    });
  return error;
}
