import assert from 'node:assert/strict';
import { createTestApp, json, PASSWORD, type TestApp } from '#test/support/test-app.ts';

describe('session', () => {
  let app: TestApp;
  beforeEach(async () => (app = await createTestApp()));
  afterEach(() => app.close());

  const signIn = (username: string, password: string, cookie?: string) =>
    app.fetch('/api/session', {
      ...json({ username, password }),
      headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) },
    });
  const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const isSignedIn = async (cookie: string): Promise<boolean> => (await app.fetch('/api/session', { headers: { cookie } })).status === 200;

  describe('when somebody signs in', () => {
    it('sets a cookie that scripts cannot read and answers with the account', async () => {
      const answer = await signIn('dispatcher', PASSWORD);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.getSetCookie()[0] ?? '', /^songbai_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
      const { account, csrfToken } = (await answer.json()) as {
        account: { username: string; areas: { path: string }[] };
        csrfToken: string;
      };
      assert.equal(account.username, 'dispatcher');
      assert.deepEqual(
        account.areas.map(({ path }) => path),
        ['120103/120103008'],
      );
      assert.match(csrfToken, /^[\w-]{43}$/);
    });

    it('gives a new id every time and ends the one before', async () => {
      const first = cookieOf(await signIn('dispatcher', PASSWORD));
      const second = cookieOf(await signIn('dispatcher', PASSWORD, first));
      assert.notEqual(second, first);
      assert.equal(await isSignedIn(first), false);
      assert.equal(await isSignedIn(second), true);
    });

    it('never takes an id that the browser brought', async () => {
      const planted = `songbai_session=${'a'.repeat(43)}`;
      const given = cookieOf(await signIn('dispatcher', PASSWORD, planted));
      assert.notEqual(given, planted);
      assert.equal(await isSignedIn(planted), false);
    });

    it('keeps only the hash of the id', async () => {
      const id = cookieOf(await signIn('dispatcher', PASSWORD)).slice('songbai_session='.length);
      const rows = await app.context.store.read('SELECT token_hash FROM session', []);
      assert.ok(rows.length > 0 && rows.every((row) => row['token_hash'] !== id && /^[0-9a-f]{64}$/.test(String(row['token_hash']))));
    });
  });

  describe('when the password is wrong', () => {
    it('says the same for an unknown user', async () => {
      const wrong = (await (await signIn('dispatcher', 'wrong')).json()) as Record<string, unknown>;
      const unknown = (await (await signIn('nobody', 'wrong')).json()) as Record<string, unknown>;
      for (const problem of [wrong, unknown]) delete problem['requestId'];
      assert.equal(wrong['code'], 'LOGIN_FAILED');
      assert.deepEqual(unknown, wrong);
    });

    it('locks the account after five failures, also for the right password, and lets it in after five minutes', async () => {
      for (let tries = 0; tries < 5; tries += 1) assert.equal((await signIn('dispatcher', `wrong ${tries}`)).status, 401);
      const locked = await signIn('dispatcher', PASSWORD);
      assert.equal(locked.status, 429);
      assert.equal(locked.headers.get('retry-after'), '300');
      app.context.store.clock.shift(300_001);
      assert.equal((await signIn('dispatcher', PASSWORD)).status, 200);
    });

    it('locks the names that do not exist alike', async () => {
      for (let tries = 0; tries < 5; tries += 1) await signIn('nobody', 'x');
      assert.equal((await signIn('nobody', 'x')).status, 429);
    });

    it('forgets failures after a success', async () => {
      for (let tries = 0; tries < 4; tries += 1) await signIn('dispatcher', 'wrong');
      assert.equal((await signIn('dispatcher', PASSWORD)).status, 200);
      assert.equal((await signIn('dispatcher', 'wrong')).status, 401);
      assert.equal((await signIn('dispatcher', PASSWORD)).status, 200);
    });

    it('answers 400 to a body that is none', async () => {
      for (const body of [
        {},
        { username: 'dispatcher' },
        { username: ['dispatcher'], password: 'x' },
        { username: 'dispatcher', password: 'x', role: 'admin' },
      ])
        assert.equal((await app.fetch('/api/session', json(body))).status, 400);
    });
  });

  describe('when time passes', () => {
    it('ends after 30 idle minutes, and lives on with use', async () => {
      const cookie = cookieOf(await signIn('dispatcher', PASSWORD));
      for (let step = 0; step < 3; step += 1) {
        app.context.store.clock.shift(29 * 60_000);
        assert.equal(await isSignedIn(cookie), true);
      }
      app.context.store.clock.shift(30 * 60_000 + 1);
      assert.equal(await isSignedIn(cookie), false);
    });

    it('ends after 12 hours whatever happens', async () => {
      const cookie = cookieOf(await signIn('dispatcher', PASSWORD));
      for (let step = 0; step < 29; step += 1) {
        app.context.store.clock.shift(25 * 60_000);
        await isSignedIn(cookie);
      }
      assert.equal(await isSignedIn(cookie), false);
    });
  });

  describe('when it is ended', () => {
    it('is gone at once after signing out', async () => {
      const { cookie, csrfToken } = await app.signIn();
      const answer = await app.fetch('/api/session', { method: 'DELETE', headers: { cookie, 'x-csrf-token': csrfToken } });
      assert.equal(answer.status, 204);
      assert.equal(await isSignedIn(cookie), false);
    });

    it('is gone at once when the account is disabled or its password changes', async () => {
      const first = (await app.signIn()).cookie;
      await app.identity.setPassword('dispatcher', PASSWORD);
      assert.equal(await isSignedIn(first), false);
      const second = (await app.signIn()).cookie;
      await app.identity.disable('dispatcher');
      assert.equal(await isSignedIn(second), false);
      assert.equal((await signIn('dispatcher', PASSWORD)).status, 401);
    });
  });

  describe('when the language is chosen', () => {
    it('is kept and used for problems', async () => {
      assert.equal((await app.asUser('/api/session/locale', json({ locale: 'en' }, 'PUT'))).status, 204);
      const problem = (await (await app.asUser('/api/session/locale', json({ locale: 'fr' }, 'PUT'))).json()) as { title: string };
      assert.equal(problem.title, 'Bad request');
    });
  });
});
