import { computed, shallowRef } from 'vue';
import { onSessionExpired, setCsrfToken } from '../api/http.ts';
import { ApiError } from '../api/problem.ts';
import { createSession, deleteSession, fetchSession, type Account, type Role, type Session } from '../api/session.ts';
import { createSetup, type SetupInput } from '../api/setup.ts';
import { startLive, stopLive } from '../live/live.ts';

const current = shallowRef<Account | null>(null);
let asked: Promise<void> | null = null;

/** The signed-in account; null before sign-in. */
export const account = computed(() => current.value);

function accept(session: Session): void {
  current.value = session.account;
  setCsrfToken(session.csrfToken);
  startLive(expire);
}

function forget(): void {
  current.value = null;
  setCsrfToken(null);
  stopLive();
}

/** Asks the server once who is signed in; later calls share the answer. */
export function loadSession(): Promise<void> {
  asked ??= fetchSession()
    .then(accept)
    .catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      // Unreachable is not "signed out for good": the next navigation asks again.
      if (error.status !== 401) asked = null;
    });
  return asked;
}

/** @throws {ApiError} 401 for a wrong name or password, 429 after too many attempts. */
export async function signIn(username: string, password: string): Promise<void> {
  accept(await createSession(username, password));
}

/** First run: makes district and administrator, who is then signed in. @throws {ApiError} 404 for a link that is no longer good */
export async function setUp(input: SetupInput): Promise<void> {
  accept(await createSetup(input));
}

/** Signs out here even when the server cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await deleteSession();
  } finally {
    forget();
  }
}

let expired: () => void = () => undefined;

function expire(): void {
  if (current.value === null) return;
  forget();
  expired();
}
onSessionExpired(expire);

/** Registers what the page does when the server has forgotten the session, whether a call or the live line found out. */
export function whenSessionExpires(callback: () => void): void {
  expired = callback;
}

/** True when the account has one of the roles. */
export function hasRole(...roles: Role[]): boolean {
  return current.value?.roles.some((role) => roles.includes(role)) ?? false;
}
