import assert from 'node:assert/strict';
import { auditChain, auditPage } from '#engine/store/audit-store.ts';
import { createTestApp, json, PASSWORD, type TestApp } from '#test/support/test-app.ts';
import { chainHash, firstBrokenRow } from './hash-chain.ts';

describe('audit log', () => {
  let app: TestApp;
  beforeEach(async () => (app = await createTestApp()));
  afterEach(() => app.close());

  const rows = async (tenant = '120103') => {
    await app.context.audit.flush();
    return app.context.store.query(auditChain(tenant, 'test', 0, 1000));
  };
  const change = (locale: string) => app.asUser('/api/session/locale', json({ locale }, 'PUT'));

  it('has a row for every change, with who, what and how it ended', async () => {
    await change('en');
    await change('fr');
    await app.asUser('/api/areas');
    const kept = (await rows()).map(({ actor, method, path, status, summary }) => ({ actor, method, path, status, summary }));
    assert.deepEqual(kept, [
      { actor: 'dispatcher', method: 'PUT', path: '/api/session/locale', status: 204, summary: '' },
      { actor: 'dispatcher', method: 'PUT', path: '/api/session/locale', status: 400, summary: 'BODY_INVALID' },
    ]);
  });

  it('names who signed in, and keeps nothing of the password', async () => {
    await app.fetch('/api/session', json({ username: 'dispatcher', password: PASSWORD }));
    await app.fetch('/api/session', json({ username: 'dispatcher', password: 'wrong' }));
    const [entry] = await rows();
    assert.equal(entry?.actor, 'dispatcher');
    const [failure] = await rows('');
    assert.equal(failure?.summary, 'LOGIN_FAILED');
    assert.doesNotMatch(JSON.stringify([entry, failure]), new RegExp(PASSWORD));
  });

  it('chains its rows so that a change of any row shows', async () => {
    for (const locale of ['en', 'zh-CN', 'en', 'zh-CN']) await change(locale);
    const chain = await rows();
    assert.equal(firstBrokenRow(chain), null);
    const changed = chain.map((row, index) => (index === 1 ? { ...row, status: 500 } : row));
    assert.equal(firstBrokenRow(changed)?.seq, 2);
    const rehashed = changed.map((row, index) => (index === 1 ? { ...row, hash: chainHash(row) } : row));
    assert.equal(firstBrokenRow(rehashed)?.seq, 3);
    assert.equal(firstBrokenRow(chain.filter(({ seq }) => seq !== 2))?.seq, 3);
    assert.equal(firstBrokenRow([chain[0]!, chain[2]!, chain[1]!])?.seq, 3);
  });

  it('keeps a salted hash of the body, never the body', async () => {
    await change('en');
    await change('en');
    const [first, second] = await rows();
    assert.notEqual(first?.payloadHash, second?.payloadHash);
    assert.doesNotMatch(JSON.stringify(first), /locale":"en/);
  });

  it('has each row once when the database had committed what it said it had not', async () => {
    // given
    await change('en');
    await rows();
    const { store } = app.context;
    const { run } = store.batcher;
    let isFailing = true;
    store.batcher.run = async (options, unit) => {
      const value = await run(options, unit);
      if (options.name !== 'audit' || !isFailing) return value;
      isFailing = false;
      throw new Error('disk I/O error');
    };

    // when
    await change('zh-CN');
    await change('en');

    // then
    const chain = await rows();
    assert.equal(chain.length, 3);
    assert.equal(firstBrokenRow(chain), null);
  });

  it('writes many calls of one moment in their order', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => change(index % 2 ? 'en' : 'zh-CN')));
    const chain = await rows();
    assert.equal(chain.length, 50);
    assert.equal(firstBrokenRow(chain), null);
    const page = await app.context.store.query(auditPage('120103', Number.MAX_SAFE_INTEGER, 10));
    assert.deepEqual(
      page.map(({ seq }) => seq),
      [50, 49, 48, 47, 46, 45, 44, 43, 42, 41],
    );
  });
});
