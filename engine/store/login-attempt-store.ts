import { read, type Work, type Writes } from './unit-of-work.ts';

/** Failures of one subject (`account:<name>` or `ip:<address>`) since `firstAt`; nobody gets in before `lockedUntil`. */
export interface LoginAttempts {
  failures: number;
  firstAt: number;
  lockedUntil: number;
}

export function* loginAttempts(subject: string): Work<LoginAttempts> {
  const [row] = yield* read('SELECT failures, first_at, locked_until FROM login_attempt WHERE subject = ?', [subject]);
  if (!row) return { failures: 0, firstAt: 0, lockedUntil: 0 };
  return { failures: Number(row.failures), firstAt: Number(row.first_at), lockedUntil: Number(row.locked_until) };
}

export function setLoginAttempts(writes: Writes, subject: string, attempts: LoginAttempts): void {
  writes.upsert(
    'login_attempt',
    { subject },
    { failures: attempts.failures, first_at: attempts.firstAt, locked_until: attempts.lockedUntil },
  );
}

export function clearLoginAttempts(writes: Writes, subject: string): void {
  writes.delete('login_attempt', { subject });
}
