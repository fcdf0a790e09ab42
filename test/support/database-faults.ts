import { createRandom } from '#engine/seed/random.ts';
import type { SqliteConnection } from '#engine/store/dialect/sqlite.ts';
import type { MysqlConnection } from '#engine/store/dialect/mysql.ts';

/**
 * Faults of the database, drawn at random for each commit and each query. Nothing knows of them but the tests:
 * `database-faults-hook.ts` puts them between the store and its connections.
 */
export interface DatabaseFaults {
  /** Nothing fails while it is off. */
  isOn: boolean;
  /** How often each fault has been raised. */
  readonly raised: Map<string, number>;
  begin(seed: number, options: FaultOptions): void;
}

export interface FaultOptions {
  /** Of each commit and query, 0 to 1. */
  rate: number;
  /**
   * Raises those, too, after which nobody can know what happened: SQLite says that COMMIT failed, and it did not. Without them the
   * engine has to hide every fault.
   */
  withUnknownOutcome: boolean;
}

let random = createRandom(1);
let options: FaultOptions = { rate: 0, withUnknownOutcome: false };

export const databaseFaults: DatabaseFaults = {
  isOn: false,
  raised: new Map(),
  begin(seed, chosen) {
    random = createRandom(seed);
    options = chosen;
    databaseFaults.raised.clear();
    databaseFaults.isOn = true;
  },
};

type Draw<F> = readonly (readonly [name: string, fault: F])[];

function draw<F>(faults: Draw<F>): F | null {
  if (!databaseFaults.isOn || faults.length === 0 || !random.chance(options.rate)) return null;
  const [name, fault] = random.pick(faults);
  databaseFaults.raised.set(name, (databaseFaults.raised.get(name) ?? 0) + 1);
  return fault;
}

const failure = (message: string, fields: object) => Object.assign(new Error(message), fields);
const lost = () => failure('Connection lost: The server closed the connection.', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true });
const deadlock = () => failure('Deadlock found when trying to get lock; try restarting transaction', { errno: 1213, code: 'ER_LOCK_DEADLOCK' });
const lockWait = () => failure('Lock wait timeout exceeded; try restarting transaction', { errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' });
const timeout = () => failure('Query inactivity timeout', { code: 'PROTOCOL_SEQUENCE_TIMEOUT', errorno: 'PROTOCOL_SEQUENCE_TIMEOUT' });
const busy = () => failure('database is locked', { errcode: 5, code: 'ERR_SQLITE_ERROR' });
const ioError = () => failure('disk I/O error', { errcode: 10, code: 'ERR_SQLITE_ERROR' });

type MysqlFault = (connection: MysqlConnection, sql: string) => Promise<never>;
const fails =
  (error: () => Error): MysqlFault =>
  () =>
    Promise.reject(error());

const mysqlFaults: Record<'commit' | 'query', Draw<MysqlFault>> = {
  commit: [
    ['lost before COMMIT', fails(lost)],
    [
      'lost after COMMIT',
      async (connection, sql) => {
        await connection.query(sql);
        throw lost();
      },
    ],
    [
      // The server goes on with it, while the caller has given up.
      'timeout of COMMIT',
      (connection, sql) => {
        void connection.query(sql).catch(() => {});
        return Promise.reject(timeout());
      },
    ],
    ['deadlock', fails(deadlock)],
    ['lock wait', fails(lockWait)],
  ],
  query: [
    ['lost before a query', fails(lost)],
    ['deadlock of a query', fails(deadlock)],
  ],
};

/** A lane's connection: COMMIT comes in the message with all the writes. */
export function faultyMysql(connection: MysqlConnection): MysqlConnection {
  return {
    ...connection,
    query(sql) {
      const fault = draw(sql.endsWith(';COMMIT') ? mysqlFaults.commit : mysqlFaults.query);
      return fault ? fault(connection, sql) : connection.query(sql);
    },
  };
}

/** The store asks three times; a server that is away for longer is another test's. */
const MOST_IN_A_ROW = 2;
let failedReads = 0;

/** What a read outside any transaction fails with, or null. */
export function mysqlReadFault(): Error | null {
  const fault = failedReads < MOST_IN_A_ROW ? draw([['lost before a read', lost]]) : null;
  failedReads = fault ? failedReads + 1 : 0;
  return fault?.() ?? null;
}

/** The write connection: BEGIN and COMMIT may find the file locked, or fail after they are done. */
export function faultySqlite(connection: SqliteConnection): SqliteConnection {
  const { db } = connection;
  const prepare = db.prepare.bind(db);
  const before = (name: string): Draw<'busy' | 'done'> => [[`busy at ${name}`, 'busy']];
  const after: Draw<'busy' | 'done'> = [['COMMIT done and reported as failed', 'done']];
  function faulty(statement: ReturnType<typeof prepare>, name: 'BEGIN' | 'COMMIT') {
    const run = statement.run.bind(statement);
    statement.run = (...params: never[]) => {
      const fault = draw(name === 'COMMIT' && options.withUnknownOutcome ? [...before(name), ...after] : before(name));
      if (fault === 'busy') throw busy();
      const result = run(...params);
      if (fault === 'done') throw ioError();
      return result;
    };
    return statement;
  }
  db.prepare = (sql) => {
    const statement = prepare(sql);
    if (sql.startsWith('BEGIN')) return faulty(statement, 'BEGIN');
    return sql === 'COMMIT' ? faulty(statement, 'COMMIT') : statement;
  };
  return connection;
}
