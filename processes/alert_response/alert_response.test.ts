import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { standardProcesses, type StandardProcesses } from '#test/support/standard-process.ts';
import { scenario, type Scenario } from '#test/support/core-scenario.ts';
import { NOW } from '#test/support/core-ports.ts';

const MINUTE = 60_000;
const CONTACTS = ['李伟', '李静', '王强', '赵敏'].map((name, at) => ({ name, relation: '子女', phone: `1990000100${at}` }));

const ALERT = {
  alertId: '77',
  kind: 'water_leak',
  level: 2,
  deviceCode: 'leak-001',
  elderId: 'E120103-0001',
  elderName: '张桂兰',
  address: '天津市河西区天塔街道环湖南里3号楼2门501',
  at: NOW,
  value: true,
  flowSilent: false,
  livingAlone: false,
  abilityLevel: 0,
  contacts: CONTACTS,
};

describe('process alert_response', () => {
  let standard: StandardProcesses;
  before(async () => {
    standard = await standardProcesses('alert_response');
  });

  const begin = (alert: Record<string, unknown> = {}): Scenario => {
    const started = scenario(standard.ports());
    started.start({ ...ALERT, ...alert }, { startElement: 'start_alert' });
    return started;
  };
  const dueIn = (alert: Scenario, element: string) => (alert.instancesOf(element)[0]?.task?.dueAt ?? 0) - NOW;
  const leadToSite = (alert: Scenario): void => {
    alert.complete('claim');
    alert.complete('phone_check', { callResult: 'need_help' });
  };
  const leadToRecord = (alert: Scenario, siteState = 'safe'): void => {
    leadToSite(alert);
    alert.complete('visit', { arrivedAt: '2026-11-22T16:10:00+08:00' });
    alert.complete('assess', { siteState, siteNote: '已关闭阀门' });
  };

  describe('level', () => {
    const cases: [string, Record<string, unknown>, number, string, number][] = [
      ['an SOS call is level 1', { kind: 'sos', level: null }, 1, 'E0', 3],
      ['a water leak is level 2', { level: null }, 2, 'E1', 10],
      ['a water leak at somebody who lives alone is level 1', { level: null, livingAlone: true }, 1, 'E0', 3],
      ['a water leak at somebody severely dependent is level 1', { level: null, abilityLevel: 3 }, 1, 'E0', 3],
      ['a low battery is level 3', { kind: 'battery_low', level: null }, 3, 'N2', 30],
      ['a low battery at somebody who lives alone is level 2', { kind: 'battery_low', level: null, livingAlone: true }, 2, 'E1', 10],
      ['an offline device is level 4', { kind: 'device_offline', level: null }, 4, 'N3', 24 * 60],
      ['a rule may give a more urgent level', { kind: 'device_offline', level: 2 }, 2, 'E1', 10],
      ['a rule cannot make a fall harmless', { kind: 'fall', level: 4 }, 1, 'E0', 3],
      ['a kind that nobody knows keeps the level it came with', { kind: 'flying_saucer', level: 3 }, 3, 'N2', 30],
    ];
    for (const [what, alert, level, slaClass, claimMinutes] of cases) {
      it(what, () => {
        const response = begin(alert);
        assert.equal(response.variable('level'), level);
        assert.equal(response.variable('slaClass'), slaClass);
        assert.equal(dueIn(response, 'claim'), claimMinutes * MINUTE);
      });
    }
  });

  it('starts with next to nothing: a device that is bound to nobody', () => {
    const response = scenario(standard.ports());
    response.start({ kind: 'smoke', deviceCode: 'smoke-009' }, { startElement: 'start_alert' });
    assert.equal(response.variable('title'), 'smoke-009 · 烟雾报警');
    response.complete('claim');
    response.complete('phone_check', { callResult: 'no_answer' });
    assert.ok(response.active().includes('visit'));
  });

  it('starts by hand without a device', () => {
    const response = scenario(standard.ports());
    response.start({ kind: 'fall', elderName: '王德福', address: '环湖东里', note: '邻居来电' });
    assert.equal(response.variable('title'), '王德福 · 疑似跌倒');
    assert.ok(response.active().includes('claim'));
  });

  it('calls the duty leader when nobody claims in time, and goes on with whoever is first', () => {
    for (const first of ['claim', 'escalate']) {
      const response = begin({ kind: 'sos' });
      const [timer] = response.jobsOf('claim_timeout');
      assert.equal((timer?.dueAt ?? 0) - NOW, 3 * MINUTE);
      response.due('claim_timeout');
      assert.deepEqual(new Set(response.active()), new Set(['claiming', 'claim', 'escalate']));
      response.complete(first);
      assert.deepEqual(response.active(), ['phone_check']);
    }
  });

  it('closes as false alarm after the call', () => {
    const response = begin();
    response.complete('claim');
    response.complete('phone_check', { callResult: 'false_alarm', falseReason: 'pet' });
    assert.deepEqual(response.status(), ['ended']);
    assert.equal(response.variable('outcome'), 'false_alarm');
  });

  describe('when nobody answers the phone', () => {
    const unanswered = (contacts: unknown = CONTACTS): Scenario => {
      const response = begin({ contacts });
      response.complete('claim');
      response.complete('phone_check', { callResult: 'no_answer' });
      return response;
    };
    const contactOf = (response: Scenario) =>
      response.instancesOf('call_contact', ({ task }) => task !== undefined)[0]?.variables?.['contact']?.value;

    it('calls at most three contacts in order, one after the other, then sends somebody', () => {
      const response = unanswered();
      for (const contact of CONTACTS.slice(0, 3)) {
        assert.deepEqual(contactOf(response), contact);
        response.complete('call_contact', { contactResult: 'unreachable' });
      }
      assert.ok(response.active().includes('visit'));
      assert.equal(response.variable('contactLog'), '李伟：联系不上；李静：联系不上；王强：联系不上；');
    });

    it('calls nobody else and sends nobody when a contact knows that the elder is safe', () => {
      const response = unanswered();
      response.complete('call_contact', { contactResult: 'unreachable' });
      response.complete('call_contact', { contactResult: 'safe' });
      assert.deepEqual(response.active(), ['record']);
    });

    for (const [what, contacts] of [
      ['no contacts', []],
      ['unknown contacts', null],
    ] as const) {
      it(`sends somebody at once with ${what}`, () => {
        assert.ok(unanswered(contacts).active().includes('visit'));
      });
    }
  });

  it('asks the dispatcher for more people when nobody arrives in time, and forgets it after the assessment', () => {
    const response = begin({ kind: 'fall' });
    leadToSite(response);
    const [timer] = response.jobsOf('visit_timeout');
    assert.equal((timer?.dueAt ?? 0) - NOW, 15 * MINUTE);
    response.due('visit_timeout');
    assert.ok(response.active().includes('reinforce'));
    response.complete('visit');
    response.complete('assess', { siteState: 'safe' });
    assert.deepEqual(response.active(), ['record']);
  });

  for (const [state, task] of [
    ['medical', 'call_120'],
    ['fire_gas', 'call_119'],
    ['missing', 'call_110'],
    ['crime', 'call_110'],
    ['death', 'call_110'],
    ['safe', 'record'],
  ]) {
    it(`goes to ${task} when the site is ${state}`, () => {
      const response = begin();
      leadToRecord(response, state);
      assert.deepEqual(response.active(), [task]);
      if (task !== 'record') response.complete(task!, { emergencyOrderNo: '120-0017' });
      assert.deepEqual(response.active(), ['record']);
    });
  }

  it('is over after the record at level 2', () => {
    const response = begin();
    leadToRecord(response);
    response.complete('record', { outcome: 'handled_safe', handling: '关闭水阀，联系物业' });
    assert.deepEqual(response.status(), ['ended']);
    assert.equal(response.variable('outcome'), 'handled_safe');
  });

  it('is reviewed by the dispatcher at level 1', () => {
    const response = begin({ kind: 'sos' });
    leadToRecord(response, 'medical');
    response.complete('call_120');
    response.complete('record', { outcome: 'hospitalised' });
    assert.deepEqual(response.active(), ['review']);
    assert.deepEqual(response.instancesOf('review')[0]?.task?.candidateGroups, ['dispatcher']);
    response.complete('review', { reviewConclusion: 'proper' });
    assert.deepEqual(response.status(), ['ended']);
  });

  it('counts repeats and gets more urgent by them', () => {
    const response = begin();
    response.receive('on_repeated', { level: 2 });
    assert.deepEqual([response.variable('repeatCount'), response.variable('level')], [1, 2]);
    response.receive('on_repeated', { level: 2 });
    assert.deepEqual([response.variable('repeatCount'), response.variable('level'), response.variable('slaClass')], [2, 1, 'E0']);
    assert.ok(response.active().includes('claim'));
  });

  it('closes itself when a device of level 3 or 4 recovers before anybody claims', () => {
    const response = begin({ kind: 'battery_low', level: 3 });
    assert.equal(response.subscriptionsOf('on_recovered')[0]?.name, 'device.recovered');
    response.receive('on_recovered', { recoveredAt: NOW });
    assert.deepEqual(response.status(), ['ended']);
    assert.equal(response.variable('outcome'), 'self_recovered');
  });

  it('needs a person when a device of level 1 or 2 recovers, or once somebody has claimed', () => {
    const serious = begin();
    assert.notEqual(serious.subscriptionsOf('on_recovered')[0]?.name, 'device.recovered');
    const claimed = begin({ kind: 'battery_low', level: 3 });
    claimed.complete('claim');
    assert.deepEqual(claimed.subscriptionsOf('on_recovered'), []);
  });
});
