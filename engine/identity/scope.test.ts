import assert from 'node:assert/strict';
import { ANONYMOUS } from './account-principal.ts';
import { isAllowed } from './authorize.ts';
import { policies } from './policies.ts';
import type { Principal } from './principal.ts';
import { canSee, isBelow } from './scope.ts';

describe('scope', () => {
  it('takes an area path for below itself and its ancestors only', () => {
    assert.equal(isBelow('120103/120103008', '120103'), true);
    assert.equal(isBelow('120103', '120103'), true);
    assert.equal(isBelow('120103', '120103/120103008'), false);
    assert.equal(isBelow('1201030', '120103'), false);
    assert.equal(isBelow('120103/120103008', '120103/'), true);
  });

  it('needs tenant and area to see a row', () => {
    const principal: Principal = { ...ANONYMOUS, kind: 'user', tenant: '120103', areas: ['120103/120103008'] };
    assert.equal(canSee(principal, { tenant: '120103', area: '120103/120103008/120103008011' }), true);
    assert.equal(canSee(principal, { tenant: '120103', area: '120103/120103009' }), false);
    assert.equal(canSee(principal, { tenant: '120104', area: '120103/120103008' }), false);
    assert.equal(canSee({ ...principal, areas: [] }, { tenant: '120103', area: '120103' }), false);
  });
});

describe('policies', () => {
  it('open nothing but the door to nobody', () => {
    const open = Object.entries(policies).filter(([, rule]) => isAllowed(ANONYMOUS, rule));
    assert.deepEqual(
      open.map(([id]) => id),
      ['api.session.create', 'api.demo-accounts.list', 'api.setup.create'],
    );
  });

  it('give a client without scopes, and a person without roles, no rights by accident', () => {
    const client: Principal = { ...ANONYMOUS, kind: 'client', scopes: [] };
    const person: Principal = { ...ANONYMOUS, kind: 'user', roles: [] };
    for (const [id, rule] of Object.entries(policies)) {
      if (rule === 'public') continue;
      assert.equal(isAllowed(client, rule), false, id);
      if (rule.roles !== 'all') assert.equal(isAllowed(person, rule), false, id);
    }
  });

  it('let the flows reach device events and alerts only', () => {
    const flows: Principal = { ...ANONYMOUS, kind: 'client', scopes: ['device-events'] };
    const reached = Object.entries(policies).filter(([, rule]) => rule !== 'public' && isAllowed(flows, rule));
    assert.ok(reached.length > 0);
    assert.ok(
      reached.every(([id]) => /^api\.(alert|device-event)\./.test(id)),
      reached.map(([id]) => id).join(),
    );
  });
});
