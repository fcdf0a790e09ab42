import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Role } from '#engine/identity/principal.ts';
import type { RegisterRecord } from '#engine/store/register-store.ts';
import { ageOn, maskPhone, toElderCard } from './elders.ts';

const RECORD: RegisterRecord = {
  id: 1,
  tenant: '120103',
  area: '120103/120103008/120103008001',
  register: 'elder',
  key: 'E120103-0001',
  name: '张桂兰',
  rev: 1,
  data: {
    sex: 'female',
    birthDate: '1941-11-23',
    idNumber: '1201***********002',
    phone: '19900000001',
    address: '环湖南里3号楼',
    livesWith: 'alone',
    abilityLevel: 1,
    tags: ['alone', 'advanced_age', '老党员'],
    contacts: [{ name: '李静', relation: '女儿', phone: '02228350000' }],
    notes: [{ text: '听力下降' }],
  },
};
const viewer = (role: Role, locale: 'zh-CN' | 'en' = 'zh-CN') => ({ roles: [role], now: Date.UTC(2026, 10, 22, 4), locale });

describe('elder card', () => {
  it('shows whole phone numbers to those who call, and a mask to everyone else', () => {
    for (const role of ['callcenter', 'dispatcher', 'worker', 'district-admin'] as const) {
      assert.equal(toElderCard(RECORD, viewer(role)).phone, '19900000001', role);
    }
    for (const role of ['provider', 'auditor', 'designer', 'integrator'] as const) {
      const card = toElderCard(RECORD, viewer(role));
      assert.deepEqual([card.phone, card.contacts[0]?.phone], ['199****0001', '*********00'], role);
    }
  });

  it('never shows the ID number', () => {
    assert.ok(!JSON.stringify(toElderCard(RECORD, viewer('district-admin'))).includes('1201*'));
  });

  it('names groups in the language of the viewer and leaves a district’s own as it is', () => {
    assert.deepEqual(toElderCard(RECORD, viewer('worker')).tags, ['独居', '高龄', '老党员']);
    assert.deepEqual(toElderCard(RECORD, viewer('worker', 'en')).tags, ['Lives alone', 'Advanced age', '老党员']);
  });

  it('counts full years on the day in China', () => {
    assert.equal(toElderCard(RECORD, viewer('worker')).age, 84);
    // 16:00 UTC on the day before is the birthday in China.
    assert.equal(ageOn('1941-11-23', Date.UTC(2026, 10, 22, 16)), 85);
    assert.equal(ageOn('1941-11-23', Date.UTC(2026, 10, 22, 15, 59)), 84);
  });

  it('masks a short number without failing', () => {
    assert.equal(maskPhone('12'), '12');
    assert.equal(maskPhone(''), '');
  });
});
