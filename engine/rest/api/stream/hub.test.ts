import assert from 'node:assert/strict';
import { accountPrincipal } from '#engine/identity/account-principal.ts';
import type { Principal, Role } from '#engine/identity/principal.ts';
import { createStreamHub, type StreamEvent, type StreamHub, type StreamMessage } from './hub.ts';

const person = (roles: Role[], areas: string[], more: { username?: string; tenant?: string; groups?: string[] } = {}): Principal =>
  accountPrincipal({
    id: 1,
    username: more.username ?? 'somebody',
    name: '',
    passwordHash: '',
    tenant: more.tenant ?? '120103',
    tenantName: '',
    roles,
    groups: more.groups ?? [],
    areas,
    locale: 'zh-CN',
    status: 'active',
    demo: false,
  });
const task = (more: Partial<StreamEvent> = {}): StreamEvent => ({
  event: 'task',
  data: { op: 'created', id: '1' },
  tenant: '120103',
  area: '120103/120103008/120103008011',
  ...more,
});

describe('stream hub', () => {
  let hub: StreamHub;
  const listen = (principal: Principal, lastEventId: string | null = null) => {
    const messages: StreamMessage[] = [];
    let ended = false;
    const stop = hub.subscribe({ principal, send: (message) => void messages.push(message), end: () => (ended = true) }, lastEventId);
    return { messages, stop, isEnded: () => ended };
  };
  beforeEach(() => (hub = createStreamHub({ epoch: 'n1-x', size: 3 })));

  describe('when something happens', () => {
    const cases: [string, Principal, Partial<StreamEvent>, boolean][] = [
      ['the street above', person(['worker'], ['120103/120103008']), {}, true],
      ['the street beside', person(['worker'], ['120103/120103009']), {}, false],
      ['a street whose code begins alike', person(['worker'], ['120103/12010300']), {}, false],
      ['another district', person(['district-admin'], ['120104'], { tenant: '120104' }), {}, false],
      ['another district that claims the area', person(['district-admin'], ['120103'], { tenant: '120104' }), {}, false],
      ['a member of the group', person(['worker'], ['120103'], {}), { groups: ['worker'] }, true],
      ['somebody outside the group', person(['worker'], ['120103']), { groups: ['callcenter'] }, false],
      ['the assignee', person(['worker'], ['120103'], { username: 'wang' }), { groups: [], users: ['wang'] }, true],
      ['everybody of the area when nobody is named', person(['worker'], ['120103']), { groups: [], users: [] }, true],
      ['a dispatcher, who oversees', person(['dispatcher'], ['120103']), { groups: ['worker'] }, true],
      ['a provider, without being asked', person(['provider'], ['120103']), {}, false],
      ['a provider that is asked', person(['provider'], ['120103'], { groups: ['provider-001'] }), { groups: ['provider-001'] }, true],
    ];
    for (const [who, principal, more, expected] of cases) {
      it(`${expected ? 'tells' : 'does not tell'} ${who}`, () => {
        const { messages } = listen(principal);
        hub.publish(task(more));
        assert.equal(messages.length, expected ? 1 : 0);
      });
    }
  });

  describe('when a reader comes back', () => {
    const reader = person(['dispatcher'], ['120103']);

    it('gets what it missed, in order', () => {
      const first = listen(reader);
      hub.publish(task({ data: { n: 1 } }));
      first.stop();
      hub.publish(task({ data: { n: 2 } }));
      hub.publish(task({ data: { n: 3 } }));
      const { messages } = listen(reader, first.messages[0]?.id ?? null);
      assert.deepEqual(
        messages.map(({ data }) => data['n']),
        [2, 3],
      );
    });

    it('is told to start again when it missed more than is kept, or comes from another run', () => {
      for (let n = 0; n < 5; n += 1) hub.publish(task());
      for (const id of ['n1-x-1', 'n1-old-4', 'n1-x-99', 'nonsense']) {
        const { messages } = listen(reader, id);
        assert.deepEqual(
          messages.map(({ event }) => event),
          ['reset'],
          id,
        );
      }
      assert.deepEqual(listen(reader, 'n1-x-5').messages, []);
    });

    it('does not get what it may not see, even from the ring', () => {
      hub.publish(task());
      hub.publish(task({ tenant: '120104', area: '120104' }));
      assert.equal(listen(reader, 'n1-x-0').messages.length, 1);
    });
  });

  it('counts those who listen', () => {
    const { stop } = listen(person(['dispatcher'], ['120103']));
    listen(person(['worker'], ['120103']));
    assert.equal(hub.subscriberCount(), 2);
    stop();
    assert.equal(hub.subscriberCount(), 1);
    hub.close();
    assert.equal(hub.subscriberCount(), 0);
  });

  it('ends its streams when it closes', () => {
    const { isEnded } = listen(person(['dispatcher'], ['120103']));
    hub.close();
    assert.equal(isEnded(), true);
  });
});
