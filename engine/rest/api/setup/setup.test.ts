import assert from 'node:assert/strict';
import type { Server } from '#engine/compose.ts';
import { dialects } from '#test/support/dialects.ts';
import { createTestServer } from '#test/support/test-server.ts';

const PASSWORD = 'a long sentence of my own';
const DAY_MS = 24 * 3_600_000;

for (const dialect of dialects()) dialect.describe('the first-run setup', () => setupOn(dialect.newDatabase));

function setupOn(newDatabase: () => Promise<string>): void {
  let server: Server;

  beforeEach(async function () {
    this.timeout(60_000);
    server = await createTestServer({ SONGBAI_SEED: 'empty', SONGBAI_DATABASE_URL: await newDatabase() });
  });
  afterEach(async function () {
    this.timeout(20_000);
    await server.stop();
  });

  const tokenOf = async (): Promise<string> => {
    const notice = await server.identity.setup.prepare('https://songbai.example/');
    const token = /^first administrator: open https:\/\/songbai\.example\/setup#([\w-]{43}) \(valid once, 24 h\)$/.exec(notice ?? '')?.[1];
    return token ?? assert.fail(`no link in ${notice}`);
  };
  const input = (token: string, account: object = {}, district: object = {}) => ({
    token,
    district: { code: '120103', name: '河西区', ...district },
    account: { username: 'li.na', name: '李娜', password: PASSWORD, ...account },
  });
  const send = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  /** A problem without what differs from request to request. */
  const problemOf = async (answer: Response) => {
    const { requestId, ...problem } = (await answer.json()) as Record<string, unknown>;
    assert.ok(requestId);
    return problem;
  };

  it('makes the district and its administrator, and signs in', async () => {
    // when
    const answer = await send(input(await tokenOf()), { 'accept-language': 'en' });
    // then
    assert.equal(answer.status, 201);
    const { account, csrfToken } = (await answer.json()) as { account: Record<string, unknown>; csrfToken: string };
    assert.deepEqual(account, {
      username: 'li.na',
      name: '李娜',
      roles: ['district-admin'],
      groups: ['district-admin'],
      tenant: '120103',
      tenantName: '河西区',
      areas: [{ path: '120103', name: '河西区' }],
      locale: 'en',
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    assert.match(answer.headers.getSetCookie()[0] ?? '', /HttpOnly; SameSite=Lax/);
    const areas = await (await fetch(`${server.url}/api/areas`, { headers: { cookie } })).json();
    assert.deepEqual(areas, [{ code: '120103', path: '120103', name: '河西区', level: 1, children: [] }]);
    const add = await fetch(`${server.url}/api/areas`, {
      method: 'POST',
      headers: { cookie, 'x-csrf-token': csrfToken, 'content-type': 'application/json' },
      body: JSON.stringify({ parent: '120103', code: '120103008', name: '天塔街道' }),
    });
    assert.equal(add.status, 201);
    const { items } = (await (await fetch(`${server.url}/api/audit`, { headers: { cookie } })).json()) as { items: { summary: string }[] };
    assert.ok(items.some(({ summary }) => summary === 'api.setup.create: district 120103'));
  });

  it('keeps only the hash of the token', async () => {
    const token = await tokenOf();
    const [row] = await server.store.read('SELECT * FROM first_setup', []);
    assert.match(String(row?.['token_hash']), /^[0-9a-f]{64}$/);
    assert.notEqual(row?.['token_hash'], token);
  });

  it('takes a token once, even when two come at the same time', async () => {
    const token = await tokenOf();
    const answers = await Promise.all(['li.na', 'wang.wei', 'zhao.min'].map((username) => send(input(token, { username }))));
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 404, 404],
    );
    assert.equal((await server.store.read('SELECT id FROM account', [])).length, 1);
  });

  it('answers like an address that does not exist, whether the token is wrong, late, voided or used', async () => {
    // given
    const nowhere = await problemOf(await fetch(`${server.url}/api/nowhere`, { method: 'POST' }));
    const sameAsNowhere = async (token: string) => {
      const answer = await send(input(token));
      assert.equal(answer.status, 404);
      assert.deepEqual(await problemOf(answer), { ...nowhere });
    };
    // then
    await sameAsNowhere('x'.repeat(43));
    const voided = await tokenOf();
    const late = await tokenOf();
    await sameAsNowhere(voided);
    server.store.clock.shift(DAY_MS + 1);
    await sameAsNowhere(late);
    const token = await tokenOf();
    assert.equal((await send(input(token))).status, 201);
    await sameAsNowhere(token);
  });

  it('stays closed when all administrators are disabled, or deleted', async () => {
    const token = await tokenOf();
    await send(input(token));
    await server.identity.disable('li.na');
    assert.equal(await server.identity.setup.prepare(server.url), null);
    await server.store.batcher.run({ key: null, name: 'delete-account' }, function* (writes) {
      writes.delete('account', { id: Number((yield* accountIds())[0]) });
    });
    assert.equal(await server.identity.setup.prepare(server.url), null);
    assert.equal((await send(input(token))).status, 404);
  });

  it('closes for good when accounts came another way', async () => {
    // given
    const token = await tokenOf();
    await server.identity.createAccount({
      username: 'wang.wei',
      name: '王伟',
      password: PASSWORD,
      tenant: '120103',
      tenantName: '河西区',
      roles: [],
      areas: [],
    });
    // then
    assert.equal((await send(input(token))).status, 404);
    assert.equal(await server.identity.setup.prepare(server.url), null);
    await server.store.batcher.run({ key: null, name: 'delete-account' }, function* (writes) {
      writes.delete('account', { id: Number((yield* accountIds())[0]) });
    });
    assert.equal(await server.identity.setup.prepare(server.url), null);
    assert.equal((await send(input(token))).status, 404);
  });

  it('says what is wrong in every field, in the language of the caller, and does not use up the token', async () => {
    const token = await tokenOf();
    const wrong = input(token, { username: 'Li Na', name: ' ', password: 'short' }, { code: '12', name: '' });
    const answer = await send(wrong, { 'accept-language': 'en' });
    assert.equal(answer.status, 422);
    const { code, errors } = (await answer.json()) as { code: string; errors: { pointer: string; message: string }[] };
    assert.equal(code, 'FORM_INVALID');
    const pointers = ['/district/code', '/district/name', '/account/username', '/account/name', '/account/password'];
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      pointers,
    );
    assert.match(errors[4]?.message ?? '', /^A password has at least 12 characters/);
    const chinese = (await (await send(wrong)).json()) as { errors: { message: string }[] };
    assert.match(chinese.errors[4]?.message ?? '', /^密码至少 12 个字符/);
    assert.equal((await send(input(token))).status, 201);
  });

  it('refuses an address after fifty wrong tokens, and tells nobody whether there was one to find', async function () {
    this.timeout(30_000);
    const token = await tokenOf();
    for (let tries = 0; tries < 50; tries += 1) assert.equal((await send(input(`wrong ${tries}`))).status, 404);
    const locked = await send(input(token));
    assert.equal(locked.status, 429);
    assert.equal(locked.headers.get('retry-after'), '600');
    server.store.clock.shift(600_001);
    assert.equal((await send(input(token))).status, 201);
  });

  it('is not for pages of other sites', async () => {
    const answer = await send(input(await tokenOf()), { origin: 'https://elsewhere.example' });
    assert.equal(answer.status, 403);
  });

  function* accountIds() {
    const rows: Record<string, unknown>[] = yield { sql: 'SELECT id FROM account', params: [] };
    return rows.map((row) => row['id']);
  }
}
