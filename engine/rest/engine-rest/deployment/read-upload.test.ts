import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { RequestError } from '#engine/errors.ts';
import { readUpload, type Upload } from './read-upload.ts';

const BOUNDARY = 'songbai';

function upload(...names: string[]): Promise<Upload> {
  const parts = names.map((name) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="data"; filename="${name}"\r\n\r\n{}\r\n`);
  const req = Object.assign(Readable.from([Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`)]), {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  });
  return readUpload(req as unknown as IncomingMessage, 1_000);
}

describe('upload', () => {
  it('keeps the folder of a file', async () => {
    const { files } = await upload('my-form/schema.json', 'forms/my-form/ui.json', '工单.bpmn');
    assert.deepEqual(
      files.map(({ name }) => name),
      ['my-form/schema.json', 'forms/my-form/ui.json', '工单.bpmn'],
    );
  });

  const refused: [string, string[]][] = [
    ['a way up', ['../schema.json']],
    ['a way up in the middle', ['my-form/../../schema.json']],
    ['a folder that is a dot', ['./schema.json']],
    ['an absolute path', ['/etc/schema.json']],
    ['a drive', ['C:/my-form/schema.json']],
    ['backslashes', ['my-form\\\\schema.json']],
    ['a control character', ['my-form/\u0007schema.json']],
    ['an empty folder', ['my-form//schema.json']],
    ['a folder without a file', ['my-form/']],
    ['more than 200 characters', [`${'a'.repeat(197)}.bpmn`]],
    ['the same name twice', ['a.bpmn', 'a.bpmn']],
  ];
  for (const [what, names] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(upload(...names), (error: RequestError) => error.status === 400 && error.code === 'MULTIPART_INVALID');
    });
  }
});
