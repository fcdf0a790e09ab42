import assert from 'node:assert/strict';
import { allRoutes } from '#engine/rest/all-routes.ts';
import { createTestApp } from '#test/support/test-app.ts';
import { tableRows, textOf } from './project-files.ts';

describe('docs/rest-compat.md', () => {
  it('lists the operations under /engine-rest that are served, and no others', async () => {
    const app = await createTestApp();
    const served = allRoutes(app.context)
      .filter(({ path }) => path.startsWith('/engine-rest'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    await app.close();
    const listed = tableRows(textOf('docs/rest-compat.md')).flatMap(([methods = '', path = '']) =>
      methods.split(' ').map((method) => `${method} ${path.replaceAll('`', '')}`),
    );
    assert.deepEqual(listed.sort(), served.sort());
  });
});
