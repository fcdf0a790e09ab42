import { createHmac, randomBytes } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import { gatewayByAccount, type Gateway } from '#engine/store/gateway-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';

/** A verified password is believed this long: reconnect storms must not cost an argon2 each. */
const BELIEVED_MS = 10 * 60_000;
const MAX_WAITING = 100;
const PASSWORD_LIMIT = 256;

export interface GatewayLogin {
  /** The gateway, or null when account or password are wrong. @throws when too many checks wait */
  check(account: string, password: string): Promise<Gateway | null>;
}

/** Checks gateway accounts one at a time; remembers good passwords by a keyed hash that never leaves memory. */
export function createGatewayLogin(store: { query<T>(work: Work<T>): Promise<T> }): GatewayLogin {
  const secret = randomBytes(32);
  const believed = new Map<string, number>();
  let waiting = 0;
  let line: Promise<unknown> = Promise.resolve();

  function inLine(work: () => Promise<boolean>): Promise<boolean> {
    if (waiting >= MAX_WAITING) return Promise.reject(new Error(`Expected at most ${MAX_WAITING} gateway logins to wait, but more came`));
    waiting++;
    const result = line.then(work).finally(() => void waiting--);
    line = result.catch(() => undefined);
    return result;
  }

  return {
    async check(account, password) {
      if (password.length > PASSWORD_LIMIT) return null;
      const gateway = await store.query(gatewayByAccount(account));
      if (!gateway) return null;
      const proof = createHmac('sha256', secret).update(JSON.stringify([gateway.passwordHash, password])).digest('base64');
      const until = believed.get(proof);
      if (until !== undefined && until > performance.now()) return gateway;
      believed.delete(proof);
      if (!(await inLine(() => verify(gateway.passwordHash, password).catch(() => false)))) return null;
      if (believed.size > 10_000) believed.clear();
      believed.set(proof, performance.now() + BELIEVED_MS);
      return gateway;
    },
  };
}
