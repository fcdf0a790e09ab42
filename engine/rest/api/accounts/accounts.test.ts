import assert from 'node:assert/strict';
import { createTestApp, DISTRICT, json, PASSWORD, STREET, type TestApp } from '#test/support/test-app.ts';

describe('administration of a district', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await createTestApp({
      accounts: [
        { username: 'admin', name: '何志远', roles: ['district-admin'], areas: [DISTRICT] },
        { username: 'street-admin', name: '赵敏', roles: ['district-admin'], areas: [STREET] },
        { username: 'foreign-admin', name: '冯敬之', roles: ['district-admin'], areas: ['120104'], tenant: '120104', tenantName: '南开区' },
      ],
    });
    await app.context.store.batcher.run({ key: null, name: 'areas' }, function* (writes) {
      for (const [tenant, path, parent, level] of [
        ['120103', '120103', null, 1],
        ['120103', STREET, '120103', 2],
        ['120104', '120104', null, 1],
      ] as const)
        writes.insert('area', { tenant, code: path.split('/').at(-1) ?? '', parent, path, name: `area ${path}`, level });
    });
  });
  afterEach(() => app.close());

  const person = {
    username: 'li.na',
    name: '李娜',
    password: 'a long sentence',
    roles: ['dispatcher'],
    groups: ['night-shift'],
    areas: [STREET],
    locale: 'en',
  };
  const create = (change: object = {}, as = 'admin') => app.asUser('/api/accounts', json({ ...person, ...change }), as);
  const listed = async (as: string): Promise<string[]> => {
    const answer = await app.asUser('/api/accounts', {}, as);
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { items: { username: string }[] }).items.map(({ username }) => username);
  };
  const pointersOf = async (answer: Response): Promise<string[]> => {
    assert.equal(answer.status, 422);
    return ((await answer.json()) as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
  };

  describe('when an account is added', () => {
    it('answers what was made, without the password, and the person can sign in', async () => {
      const answer = await create();
      assert.equal(answer.status, 201);
      assert.deepEqual(await answer.json(), {
        username: 'li.na',
        name: '李娜',
        roles: ['dispatcher'],
        groups: ['night-shift'],
        areas: [{ path: STREET, name: `area ${STREET}` }],
        locale: 'en',
        status: 'active',
      });
      const session = await app.fetch('/api/session', json({ username: 'li.na', password: person.password }));
      const { account } = (await session.json()) as { account: { tenant: string; tenantName: string } };
      assert.equal(account.tenant, DISTRICT);
      assert.equal(account.tenantName, '河西区');
    });

    it('tells every field that does not pass', async () => {
      const wrong = { username: 'Li', name: '', password: 'li', roles: [], groups: ['auditor'], areas: [] };
      assert.deepEqual(await pointersOf(await create(wrong)), ['/username', '/name', '/password', '/roles', '/groups', '/areas']);
      assert.equal((await create({ roles: ['emperor'] })).status, 400);
      assert.equal((await create({ tenant: '120104' })).status, 400);
    });

    it('takes a user name once, also when another district has it', async () => {
      const answer = await create({ username: 'foreign-admin' });
      assert.equal(answer.status, 409);
      assert.equal(((await answer.json()) as { code: string }).code, 'ACCOUNT_EXISTS');
    });

    it('gives no area that the caller does not have', async () => {
      assert.deepEqual(await pointersOf(await create({ areas: [DISTRICT] }, 'street-admin')), ['/areas']);
      assert.deepEqual(await pointersOf(await create({ areas: ['120104'] })), ['/areas']);
      assert.deepEqual(await pointersOf(await create({ areas: [`${STREET}/120103008001`] })), ['/areas']);
    });

    it('is for district administrators only', async () => {
      assert.equal((await app.fetch('/api/accounts', json(person))).status, 401);
      assert.equal((await create({}, 'dispatcher')).status, 403);
      assert.equal((await app.asUser('/api/accounts', {}, 'dispatcher')).status, 403);
      assert.equal((await app.asClient('/api/accounts')).status, 403);
      const { cookie } = await app.signIn('admin');
      assert.equal(
        (await app.fetch('/api/accounts', { ...json(person), headers: { 'content-type': 'application/json', cookie } })).status,
        403,
      );
    });
  });

  it('lists the accounts within the areas of the caller', async () => {
    assert.deepEqual(await listed('admin'), ['admin', 'dispatcher', 'street-admin']);
    assert.deepEqual(await listed('street-admin'), ['dispatcher', 'street-admin']);
    assert.deepEqual(await listed('foreign-admin'), ['foreign-admin']);
  });

  describe('when an account is disabled', () => {
    const disable = (username: string, as = 'admin') => app.asUser(`/api/accounts/${username}/disable`, { method: 'POST' }, as);

    it('ends its sessions and lets it in no more', async () => {
      const { cookie } = await app.signIn('dispatcher');
      assert.equal((await disable('dispatcher')).status, 204);
      assert.equal((await app.fetch('/api/session', { headers: { cookie } })).status, 401);
      assert.equal((await app.fetch('/api/session', json({ username: 'dispatcher', password: PASSWORD }))).status, 401);
    });

    it('does not exist for other districts, nor for those who stand below it', async () => {
      assert.equal((await disable('dispatcher', 'foreign-admin')).status, 404);
      assert.equal((await disable('admin', 'street-admin')).status, 404);
      assert.equal((await disable('nobody')).status, 404);
      assert.equal((await disable('admin', 'dispatcher')).status, 403);
    });

    it('is never the own account', async () => {
      const answer = await disable('admin');
      assert.equal(answer.status, 409);
      assert.equal(((await answer.json()) as { code: string }).code, 'ACCOUNT_IS_YOURS');
    });
  });

  describe('when an area is added', () => {
    const add = (change: object = {}, as = 'admin') =>
      app.asUser('/api/areas', json({ parent: STREET, code: '120103008001', name: '环湖社区', ...change }), as);

    it('is in the tree at once, with its name', async () => {
      const before = (await (await app.asUser('/api/accounts', {}, 'admin')).json()) as object;
      assert.ok(before);
      const answer = await add();
      assert.equal(answer.status, 201);
      const path = `${STREET}/120103008001`;
      assert.deepEqual(await answer.json(), { code: '120103008001', path, name: '环湖社区', level: 3, children: [] });
      const made = (await (await create({ areas: [path] }, 'street-admin')).json()) as { areas: object[] };
      assert.deepEqual(made.areas, [{ path, name: '环湖社区' }]);
    });

    it('refuses codes that do not belong there, and a second of the same', async () => {
      for (const code of ['120103008', '12010300800', '120104008001', '12010300800x', ''])
        assert.deepEqual(await pointersOf(await add({ code })), ['/code'], code);
      assert.deepEqual(await pointersOf(await add({ name: ' x' })), ['/name']);
      assert.equal((await add()).status, 201);
      const again = await add();
      assert.equal(again.status, 409);
      assert.equal(((await again.json()) as { code: string }).code, 'AREA_EXISTS');
      assert.deepEqual(await pointersOf(await add({ parent: `${STREET}/120103008001`, code: '120103008001001' })), ['/code']);
    });

    it('lies below an area of the caller', async () => {
      const answers = [
        await add({}, 'foreign-admin'),
        await add({ parent: DISTRICT, code: '120103009' }, 'street-admin'),
        await add({ parent: '120103/000' }),
        await add({}, 'dispatcher'),
        await app.fetch('/api/areas', json({})),
      ];
      assert.deepEqual(
        answers.map(({ status }) => status),
        [404, 404, 404, 403, 401],
      );
    });
  });

  it('is in the operation log, without names and passwords', async () => {
    await create();
    await app.asUser('/api/accounts/li.na/disable', { method: 'POST' }, 'admin');
    await app.context.audit.flush();
    const rows = await app.context.store.read("SELECT route, summary, status FROM audit WHERE route LIKE 'api.account.%' ORDER BY id", []);
    assert.deepEqual(
      rows.map(({ route, summary, status }) => `${String(route)} ${String(summary)} ${String(status)}`),
      ['api.account.create account li.na 201', 'api.account.disable account li.na 204'],
    );
  });
});
