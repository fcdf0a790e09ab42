import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readFile } from 'node:fs/promises';
import { standardSla } from '#engine/seed/standard.ts';
import { slaLookup } from './sla.ts';

describe('time limits by SLA class', () => {
  const row = (tenant: string, duration: string) => ({ tenant, code: 'E1', step: 'accept', duration, clock: 'C7' as const, name: '紧急' });

  it('are the district’s own before the shared ones', () => {
    const sla = slaLookup([row('120103', 'PT10M'), row('', 'PT15M')]);
    assert.equal(sla('120103', 'E1', 'accept'), 'PT10M');
    assert.equal(sla('120104', 'E1', 'accept'), 'PT15M');
    assert.equal(sla('120104', 'E9', 'accept'), undefined);
  });

  it('exist in every class for every step that a shipped process names', async () => {
    const sla = slaLookup(standardSla());
    const steps = new Set<string>();
    for (const key of ['work_order', 'alert_response']) {
      const xml = await readFile(new URL(`../../processes/${key}/${key}.bpmn`, import.meta.url), 'utf8');
      for (const [, step] of xml.matchAll(/sla\((?:'|"|&quot;)(\w+)(?:'|"|&quot;)\)/g)) steps.add(step!);
      assert.doesNotMatch(xml, />P(T|\d)/, `${key} has a time limit of its own`);
    }
    assert.ok(steps.size >= 15, `found ${[...steps].join(', ')}`);
    for (const code of ['E0', 'E1', 'N1', 'N2', 'N3', 'N4'])
      for (const step of steps) assert.ok(sla('120103', code, step), `${code} ${step}`);
  });
});
