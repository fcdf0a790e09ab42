import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { accountById, insertAccount } from './account-store.ts';
import type { Store } from './open-store.ts';

for (const dialect of dialects())
  dialect.describe('accounts', () => {
    let store: Store;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
    });
    after(() => store.close());

    it('are found by id in units of work that run together', async () => {
      // given
      const account = {
        name: '王派单',
        passwordHash: 'x',
        tenant: '120103',
        tenantName: '河西区',
        roles: ['dispatcher'],
        groups: [],
        areas: ['120103'],
        locale: 'zh-CN' as const,
        status: 'active' as const,
        demo: false,
      };
      await store.batcher.run({ key: null, name: 'accounts' }, function* (writes) {
        insertAccount(writes, { ...account, id: 900_001, username: 'wang' }, 1);
        insertAccount(writes, { ...account, id: 900_002, username: 'li' }, 1);
      });

      // when
      const found = await Promise.all(
        [900_001, 900_002, 900_003].map((id) => store.batcher.run({ key: null, name: 'read' }, () => accountById(id))),
      );

      // then
      assert.deepEqual(
        found.map((row) => row?.username ?? null),
        ['wang', 'li', null],
      );
      assert.deepEqual(found[0], { ...account, id: 900_001, username: 'wang' });
    });
  });
