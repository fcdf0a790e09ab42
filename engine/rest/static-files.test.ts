import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { createTestApp, type TestApp } from '#test/support/test-app.ts';

describe('static files', () => {
  let app: TestApp;
  let dir: string;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'songbai-console-'));
    mkdirSync(join(dir, 'dist', 'assets'), { recursive: true });
    writeFileSync(join(dir, 'secret.txt'), 'secret');
    writeFileSync(join(dir, 'dist', 'index.html'), '<title>console</title>');
    writeFileSync(join(dir, 'dist', 'assets', 'app-1a2b.js'), 'export {};');
    writeFileSync(join(dir, 'dist', 'assets', 'app-1a2b.js.br'), brotliCompressSync('export {};'));
    writeFileSync(join(dir, 'dist', 'assets', 'app-1a2b.js.gz'), gzipSync('export {};'));
    app = await createTestApp({ settings: { consoleDir: join(dir, 'dist') } });
  });
  after(async () => {
    await app.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('serves the start page for every address of the app, with a strict policy', async () => {
    for (const path of ['/', '/tasks/12', '/portal']) {
      const answer = await app.fetch(path, { headers: { accept: 'text/html' } });
      assert.equal(await answer.text(), '<title>console</title>', path);
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
      const policy = answer.headers.get('content-security-policy') ?? '';
      assert.match(policy, /script-src 'self';/);
      assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline/);
      assert.match(policy, /frame-ancestors 'none'/);
    }
  });

  it('serves hashed files forever, compressed when the browser can read it', async () => {
    const answer = await app.fetch('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'br' } });
    assert.equal(answer.headers.get('content-encoding'), 'br');
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
    assert.equal(await answer.text(), 'export {};');
    const etag = answer.headers.get('etag') ?? '';
    assert.equal((await app.fetch('/assets/app-1a2b.js', { headers: { 'if-none-match': etag } })).status, 304);
  });

  const accepting: [string, string | null][] = [
    ['gzip, deflate', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', null],
    ['identity', null],
  ];
  for (const [accepted, coding] of accepting) {
    it(`answers ${coding ?? 'the plain file'} to "Accept-Encoding: ${accepted}"`, async () => {
      const answer = await app.fetch('/assets/app-1a2b.js', { headers: { 'accept-encoding': accepted } });
      assert.equal(answer.headers.get('content-encoding'), coding);
      assert.equal(await answer.text(), 'export {};');
    });
  }

  it('has no file for names that are not there, and no way out of its folder', async () => {
    assert.equal((await app.fetch('/assets/other.js')).status, 404);
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/..%5csecret.txt']) {
      const text = await new Promise<string>((resolve, reject) => {
        // fetch would tidy the path before it is sent.
        const { port } = new URL(app.url);
        get({ host: '127.0.0.1', port, path }, (answer) => {
          let body = '';
          answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
          answer.on('end', () => resolve(body));
        }).on('error', reject);
      });
      assert.doesNotMatch(text, /secret/, path);
    }
  });

  it('answers unknown API addresses with a problem, not with the page', async () => {
    const answer = await app.fetch('/api/unknown', { headers: { accept: 'text/html' } });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  });
});
