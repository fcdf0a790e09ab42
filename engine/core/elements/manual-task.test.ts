import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, end, manualTask, start } from '#test/support/process-builder.ts';

describe('manual task', () => {
  it('lets the token through', () => {
    const s = scenario(corePorts([aProcess('p', { start: start(), a: manualTask(), end: end() }, ['start -> a -> end'])]));
    const { lines, result } = s.start();
    assert.ok(lines.includes('ElementCompleted a'));
    assert.equal(result.ended, true);
  });
});
