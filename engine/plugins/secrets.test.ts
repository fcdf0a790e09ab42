import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#test/support/dialects.ts';
import { createSecrets } from './secrets.ts';

describe('secrets', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '120103'));
  writeFileSync(join(folder, '120103', 'TOKEN'), 'own\n');
  writeFileSync(join(folder, 'TOKEN'), 'shared\n');
  writeFileSync(join(folder, 'empty'), '\n');
  const secret = createSecrets(folder, { SONGBAI_SECRET_SMS_KEY: 'from env', SONGBAI_SECRET_OTHER: 'x' });

  it("are the district's own before the shared ones", async () => {
    assert.equal(await secret('TOKEN', '120103'), 'own');
    assert.equal(await secret('TOKEN', '120104'), 'shared');
  });

  it('come from the environment too', async () => assert.equal(await secret('sms-key', '120103'), 'from env'));

  it('are read anew, so that a changed one needs no restart', async () => {
    writeFileSync(join(folder, 'changing'), '1');
    assert.equal(await secret('changing', ''), '1');
    writeFileSync(join(folder, 'changing'), '2');
    assert.equal(await secret('changing', ''), '2');
  });

  for (const name of ['nobody', 'empty', '120103'])
    it(`fail by name when there is none: ${name}`, async () => assert.rejects(secret(name, ''), /Expected (a|the name of a) secret/));

  for (const name of ['../../etc/passwd', 'a/b', '', '..', 'a\0b', 'a'.repeat(65)])
    it(`never leave their folder: ${JSON.stringify(name.slice(0, 20))}`, async () => assert.rejects(secret(name, ''), /letters, digits/));

  it('take no tenant for a path', async () => assert.equal(await secret('TOKEN', '../120103'), 'shared'));
});
