import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { standardProcesses, type StandardProcesses } from '#test/support/standard-process.ts';
import { scenario, type Scenario } from '#test/support/core-scenario.ts';
import { NOW } from '#test/support/core-ports.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const ORDER = {
  elderId: 'E120103-0001',
  elderName: '张桂兰',
  serviceItem: 'bath',
  address: '天津市河西区天塔街道环湖南里3号楼2门501',
  contactPhone: '19900000001',
  paymentWay: 'self',
  urgent: false,
};

describe('process work_order', () => {
  let standard: StandardProcesses;
  before(async () => {
    standard = await standardProcesses('work_order', 'alert_response');
  });

  const begin = (order: Record<string, unknown> = {}): Scenario => {
    const started = scenario(standard.ports());
    started.start({ ...ORDER, ...order });
    return started;
  };
  const dueIn = (order: Scenario, element: string) => (order.instancesOf(element)[0]?.task?.dueAt ?? 0) - NOW;
  const candidates = (order: Scenario, element: string) => order.instancesOf(element)[0]?.task?.candidateGroups;

  function leadToOffer(order: Scenario, provider = 'provider-001'): void {
    order.complete('intake', { accept: true });
    order.complete('dispatch', { providerId: provider });
  }
  function leadToVisit(order: Scenario): void {
    leadToOffer(order);
    order.complete('offer', { offerAccepted: true });
    order.complete('assign_worker', { workerName: '张红梅', appointmentAt: '2026-11-22T18:00:00+08:00' });
  }
  function leadToRating(order: Scenario): void {
    leadToVisit(order);
    order.complete('check_in', { doorAnswered: true, arrivedAt: '2026-11-22T18:02:00+08:00' });
    order.complete('service', { abnormalFound: false });
  }

  it('waits for intake with class, title, due time and groups when an order is placed', () => {
    const order = begin();
    assert.deepEqual(order.active(), ['intake']);
    assert.equal(order.variable('slaClass'), 'N2');
    assert.equal(order.variable('title'), '张桂兰 · 助浴');
    assert.equal(dueIn(order, 'intake'), 30 * MINUTE);
    assert.deepEqual(candidates(order, 'intake'), ['dispatcher', 'callcenter']);
  });

  it('is class E1 with five minutes for intake when the order is urgent', () => {
    const order = begin({ urgent: true });
    assert.equal(order.variable('slaClass'), 'E1');
    assert.equal(dueIn(order, 'intake'), 5 * MINUTE);
  });

  it('starts by message with the elder and the item only', () => {
    const order = scenario(standard.ports());
    order.start({ elderName: '张桂兰', serviceItem: 'repair' }, { startElement: 'start_message' });
    assert.deepEqual(order.active(), ['intake']);
    assert.equal(order.variable('slaClass'), 'N1');
  });

  it('ends as refused when intake declines', () => {
    const order = begin();
    order.complete('intake', { accept: false, refuseReason: 'not_eligible' });
    assert.deepEqual(order.status(), ['ended']);
    assert.equal(order.variable('outcome'), 'refused');
  });

  it('offers the providers that do the item and remembers the name of the chosen one', () => {
    const order = begin({ serviceItem: 'bed-care' });
    order.complete('intake', { accept: true });
    const found = order.variable('candidates') as { providerId: string }[];
    assert.deepEqual(
      found.map(({ providerId }) => providerId),
      ['provider-001', 'provider-002'],
    );
    order.complete('dispatch', { providerId: 'provider-002' });
    assert.equal(order.variable('providerName'), '河西康宁护理站');
    assert.deepEqual(candidates(order, 'offer'), ['provider-002']);
  });

  it('closes without a return visit when everybody is happy and the order is not in the sample', () => {
    const order = begin();
    leadToRating(order);
    order.complete('rate', { ratingOverall: 5, ratingSource: 'elder' });
    // Instance 1001 is not one of the fifth that is called.
    order.due('sample');
    order.due('close');
    assert.deepEqual(order.status(), ['ended']);
    assert.equal(order.variable('outcome'), 'completed');
    assert.equal(order.variable('returnVisitNeeded'), false);
  });

  it('takes the order back when no provider answers in time', () => {
    const order = begin();
    leadToOffer(order);
    const [timer] = order.jobsOf('offer_timeout');
    assert.equal((timer?.dueAt ?? 0) - NOW, 2 * HOUR);
    order.due('offer_timeout');
    assert.deepEqual(order.active(), ['dispatch']);
    assert.equal(order.variable('dispatchCount'), 1);
    assert.equal(order.variable('refusalLog'), '天塔街道居家养老服务中心：超时未接单；');
    assert.equal(order.variable('providerId'), null);
  });

  it('has a provider appointed, who is not asked again, after three refusals', () => {
    const order = begin();
    order.complete('intake', { accept: true });
    for (const reason of ['no_staff', 'too_far', 'closed']) {
      order.complete('dispatch', { providerId: 'provider-001' });
      order.complete('offer', { offerAccepted: false, offerRefuseReason: reason });
    }
    assert.deepEqual(order.active(), ['appoint']);
    assert.equal(order.variable('dispatchCount'), 3);
    order.complete('appoint', { providerId: 'provider-002' });
    assert.deepEqual(order.active(), ['assign_worker']);
  });

  it('tells the dispatcher when the worker is late, and forgets it when the work is done', () => {
    const order = begin();
    leadToVisit(order);
    const [timer] = order.jobsOf('late_timer');
    assert.equal(timer?.dueAt, Date.parse('2026-11-22T18:15:00+08:00'));
    order.due('late_timer');
    assert.deepEqual(new Set(order.active()), new Set(['on_site', 'check_in', 'late']));
    order.complete('check_in', { doorAnswered: true });
    order.complete('service', {});
    assert.deepEqual(order.active(), ['rate']);
  });

  describe('when nobody opens the door', () => {
    const atTheDoor = (order: Record<string, unknown> = {}): Scenario => {
      const visit = begin(order);
      leadToVisit(visit);
      visit.complete('check_in', { doorAnswered: false });
      assert.deepEqual(visit.active(), ['no_show']);
      return visit;
    };

    it('makes a new appointment', () => {
      const order = atTheDoor();
      order.complete('no_show', { noShowDecision: 'reschedule' });
      assert.deepEqual(order.active(), ['assign_worker']);
    });

    it('ends without service', () => {
      const order = atTheDoor();
      order.complete('no_show', { noShowDecision: 'close' });
      assert.deepEqual(order.status(), ['ended']);
      assert.equal(order.variable('outcome'), 'no_show');
    });

    it('raises an alert that knows the elder, and ends after it', () => {
      const order = atTheDoor({ livingAlone: true });
      order.complete('no_show', { noShowDecision: 'alert' });
      const [, alert] = order.states();
      assert.equal(order.variable('kind', alert), 'no_answer');
      assert.equal(order.variable('level', alert), 1);
      assert.equal(order.variable('elderName', alert), '张桂兰');
      order.complete('claim');
      order.complete('phone_check', { callResult: 'false_alarm', falseReason: 'touched' });
      assert.deepEqual(order.status(), ['ended', 'ended']);
    });
  });

  it('counts as unrated and is called back when nobody rates within 48 hours', () => {
    const order = begin();
    leadToRating(order);
    const [timer] = order.jobsOf('rate_timeout');
    assert.equal((timer?.dueAt ?? 0) - NOW, 48 * HOUR);
    order.due('rate_timeout');
    order.due('sample');
    assert.deepEqual(order.active(), ['return_visit']);
    assert.equal(order.variable('ratingOverall'), 0);
    assert.equal(order.variable('ratingSource'), 'unrated');
  });

  for (const [why, order, rating] of [
    ['rating is 3 or less', {}, 3],
    ['service is subsidised', { paymentWay: 'subsidy' }, 5],
  ] as const) {
    it(`has a return visit when the ${why}`, () => {
      const visit = begin(order);
      leadToRating(visit);
      visit.complete('rate', { ratingOverall: rating });
      visit.due('sample');
      assert.deepEqual(visit.active(), ['return_visit']);
      visit.complete('return_visit', { visitSatisfied: true, visitOverall: 4 });
      visit.due('close');
      assert.deepEqual(visit.status(), ['ended']);
    });
  }

  it('has a return visit when something abnormal was found', () => {
    const order = begin();
    leadToVisit(order);
    order.complete('check_in', { doorAnswered: true });
    order.complete('service', { abnormalFound: true });
    order.complete('rate', { ratingOverall: 5 });
    order.due('sample');
    assert.deepEqual(order.active(), ['return_visit']);
  });

  describe('when the elder is not satisfied', () => {
    const unsatisfied = (): Scenario => {
      const order = begin();
      leadToRating(order);
      order.complete('rate', { ratingOverall: 1 });
      order.due('sample');
      order.complete('return_visit', { visitSatisfied: false });
      return order;
    };

    it('is done again', () => {
      const order = unsatisfied();
      order.complete('remedy', { remedyDecision: 'redo' });
      assert.deepEqual(order.active(), ['dispatch']);
    });

    it('is closed after compensation', () => {
      const order = unsatisfied();
      order.complete('remedy', { remedyDecision: 'compensate', compensation: 20 });
      order.due('close');
      assert.equal(order.variable('outcome'), 'completed');
    });
  });

  it('ends as cancelled from any state when order.cancel arrives', () => {
    for (const lead of [() => undefined, leadToOffer, leadToVisit, leadToRating]) {
      const order = begin();
      lead(order);
      order.receive('on_cancel', { cancelReason: '住院' });
      assert.deepEqual(order.status(), ['ended']);
      assert.equal(order.variable('outcome'), 'cancelled');
    }
  });

  it('samples one order in five when everybody is happy', () => {
    const called: number[] = [];
    for (let at = 0; at < 5; at++) {
      const ports = standard.ports();
      for (let skip = 0; skip < at; skip++) ports.nextId();
      const order = scenario(ports);
      order.start(ORDER);
      leadToRating(order);
      order.complete('rate', { ratingOverall: 5 });
      order.due('sample');
      if (order.active()[0] === 'return_visit') called.push(at);
      else assert.deepEqual(order.active(), ['close']);
    }
    assert.equal(called.length, 1);
  });
});
