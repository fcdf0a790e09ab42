import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aCall, itIsAPlugin, loadPlugin } from '#plugins/api.test-suite.ts';
import { temporaryFolder } from '#test/support/dialects.ts';

const outbox = join(temporaryFolder(), 'outbox.jsonl');
const examples = {
  folder: import.meta.dirname,
  settings: { SMS_OUTBOX: outbox },
  valid: [{ phone: '13900001111', name: '王秀英' }],
  invalid: [{ phone: 'call me', name: '王秀英' }, { phone: '13900001111' }],
};

itIsAPlugin(examples);

describe('sms-greeting', () => {
  it('writes one line with the key for the gateway', async () => {
    const { serviceTask } = await loadPlugin(examples);

    const outcome = await serviceTask?.run(aCall({ phone: '13900001111', name: '王秀英' }));

    assert.deepEqual(outcome, { kind: 'completed', output: { length: 7 } });
    assert.deepEqual(JSON.parse(readFileSync(outbox, 'utf8')), {
      key: aCall({}).idempotencyKey,
      to: '13900001111',
      text: '王秀英，您好！',
    });
  });

  it('throws a BPMN error for a land line', async () => {
    const { serviceTask } = await loadPlugin(examples);
    const outcome = await serviceTask?.run(aCall({ phone: '022-23456789', name: '王秀英' }));
    assert.equal(outcome?.kind, 'bpmnError');
  });
});
