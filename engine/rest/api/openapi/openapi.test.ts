import assert from 'node:assert/strict';
import { createTestApp, type TestApp } from '#test/support/test-app.ts';

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<string, { operationId: string; parameters: { name: string; in: string }[]; requestBody?: object; security: object[] }>
  >;
}

describe('openapi', () => {
  let app: TestApp;
  before(async () => (app = await createTestApp()));
  after(() => app.close());

  it('describes every route with its parameters and body', async () => {
    assert.equal((await app.fetch('/api/openapi.json')).status, 401);
    const document = (await (await app.asUser('/api/openapi.json')).json()) as Document;
    assert.equal(document.openapi, '3.1.0');
    const claim = document.paths['/engine-rest/task/{id}/claim']?.['post'];
    assert.equal(claim?.operationId, 'task.claim');
    assert.deepEqual(
      claim.parameters.map(({ name, in: place }) => `${place} ${name}`),
      ['path id'],
    );
    assert.ok(claim.requestBody);
    assert.ok(document.paths['/api/tasks']?.['get']?.parameters.some(({ name }) => name === 'queue'));
    assert.deepEqual(document.paths['/api/session']?.['post']?.security, []);
  });
});
