import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ageOn } from '#engine/registers/elders.ts';
import { areaRows } from './areas.ts';
import hexi from './data/areas-120103.json' with { type: 'json' };
import { demoElders } from './demo-elders.ts';

const NOW = Date.UTC(2026, 10, 22, 4);

describe('fictitious elders', () => {
  const areas = areaRows(hexi);
  const elders = demoElders(areas, 200, '120103008', 7);

  it('are the same at every start', () => {
    assert.deepEqual(demoElders(areas, 200, '120103008', 7), elders);
    assert.notDeepEqual(demoElders(areas, 200, '120103008', 8), elders);
  });

  it('are at least 60, live in a real community and have masked ID numbers', () => {
    const paths = new Set(areas.filter(({ level }) => level === 3).map(({ path }) => path));
    for (const { name, area, data } of elders) {
      assert.ok(paths.has(area), `${name} lives in ${area}`);
      const age = ageOn(data.birthDate, NOW);
      assert.ok(age >= 59 && age <= 103, `${name} is ${age}`);
      assert.match(data.idNumber, /^1201\*{11}00[\dX]$/);
      assert.match(data.phone, /^1[3-9]\d{9}$/);
      assert.ok(data.contacts.length >= 1 && data.contacts.length <= 3);
      assert.equal(data.tags.includes('alone'), data.livesWith === 'alone');
    }
  });

  it('have different keys and phones', () => {
    assert.equal(new Set(elders.map(({ key }) => key)).size, 200);
    const phones = elders.flatMap(({ data }) => [data.phone, ...data.contacts.map(({ phone }) => phone)]);
    assert.equal(new Set(phones).size, phones.length);
  });
});
