import assert from 'node:assert/strict';
import { createTestApp, PASSWORD, type TestApp } from '#test/support/test-app.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createApiClients } from './api-clients.ts';

describe('API clients', () => {
  let app: TestApp;
  before(async () => (app = await createTestApp()));
  after(() => app.close());

  it('computes one hash for many calls with the same password', async () => {
    const real = createPasswords();
    let verified = 0;
    const counting: Passwords = { hash: real.hash, verify: (stored, password) => ((verified += 1), real.verify(stored, password)) };
    const clients = createApiClients({ store: app.context.store, passwords: counting });
    const found = await Promise.all(Array.from({ length: 32 }, () => clients.byPassword('engine', PASSWORD)));
    assert.ok(found.every((principal) => principal?.id === 'engine'));
    assert.equal(verified, 1);
  });

  it('forgets a verified password after a while', async () => {
    assert.equal((await app.asClient('/api/areas')).status, 403);
    await app.context.store.batcher.run({ key: null, name: 'test' }, function* (writes) {
      writes.update('api_client', { id: 'engine' }, { status: 'disabled' });
    });
    app.context.store.clock.shift(31_000);
    assert.equal((await app.asClient('/api/areas')).status, 401);
  });

  it('knows a bearer token by its hash only, and a new token replaces the old', async () => {
    const client = { id: 'flows', name: 'Flows', tenant: '120103', areas: ['120103'], scopes: ['device-events'] };
    const first = await app.identity.clients.createBearer(client);
    assert.equal((await app.identity.clients.byToken(first))?.id, 'flows');
    const rows = await app.context.store.read("SELECT secret_hash FROM api_client WHERE id = 'flows'", []);
    assert.match(String(rows[0]?.['secret_hash']), /^[0-9a-f]{64}$/);
    const second = await app.identity.clients.createBearer(client);
    assert.equal(await app.identity.clients.byToken(first), null);
    assert.equal((await app.identity.clients.byToken(second))?.id, 'flows');
  });
});

describe('passwords', () => {
  it('are argon2id with 19 MiB and two passes', async () => {
    assert.match(await createPasswords().hash('x'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('are never right for somebody who does not exist', async () => {
    const passwords = createPasswords();
    assert.equal(await passwords.verify(null, 'no account has this password'), false);
    assert.equal(await passwords.verify('not a hash', 'x'), false);
  });
});
