import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { scenario, type Scenario } from '#test/support/core-scenario.ts';
import { formWalk, type FormWalk } from '#test/support/form-walk.ts';
import { standardProcesses, type StandardProcesses } from '#test/support/standard-process.ts';

const PHOTO = 'data:image/jpeg;base64,/9j/4AAQSkZJRg==';
const AT = '2026-11-22T18:00:00+08:00';

/** The forms of the shipped processes, filled in as people would. */
describe('forms of the standard processes', function () {
  this.timeout(30_000);
  let standard: StandardProcesses;
  let forms: FormWalk;
  before(async () => {
    standard = await standardProcesses('work_order', 'alert_response');
    forms = await formWalk();
  });
  after(() => forms.close());

  const pointers = async (process: Scenario, element: string, data: Record<string, unknown>) =>
    (await forms.check(process, element, data)).map(({ pointer }) => pointer);

  async function start(definition: number, startElement: string, data: Record<string, unknown>): Promise<Scenario> {
    const model = standard.models[definition - 1]!;
    const process = scenario(standard.ports());
    process.start(await forms.startData(model.elements[model.indexById[startElement]!]!, data), { definitionId: definition });
    return process;
  }
  const anOrder = () =>
    start(1, 'start_order', {
      elderId: 'E120103-0001',
      elderName: '张桂兰',
      contactPhone: '19900000001',
      address: '天塔街道环湖南里3号楼2门501',
      serviceItem: 'bath',
      paymentWay: 'subsidy',
      wantedFrom: AT,
      urgent: true,
      consent: true,
    });
  const anAlert = () =>
    start(2, 'start_manual', {
      elderName: '王德福',
      address: '环湖东里5号楼',
      kind: 'fall',
      note: '邻居来电说听到呼救',
      livingAlone: true,
      contacts: [{ name: '王磊', relation: '儿子', phone: '19900001001' }],
    });

  it('lead a work order from start to close', async () => {
    const order = await anOrder();
    await forms.submit(order, 'intake', { accept: true, slaClass: 'E1' });
    await forms.submit(order, 'dispatch', { providerId: 'provider-001' });
    await forms.submit(order, 'offer', { offerAccepted: false, offerRefuseReason: 'no_staff' });
    await forms.submit(order, 'dispatch', { providerId: 'provider-001', dispatchNote: '老人着急' });
    await forms.submit(order, 'offer', { offerAccepted: true });
    await forms.submit(order, 'assign_worker', { workerName: '张红梅', workerPhone: '19900091001', appointmentAt: AT });
    order.due('late_timer');
    await forms.submit(order, 'late', { lateAction: 'urged' });
    await forms.submit(order, 'check_in', {
      arrivedAt: AT,
      doorAnswered: true,
      identityMethod: 'id_card',
      identityPassed: true,
      position: { latitude: 39.08, longitude: 117.21 },
    });
    await forms.submit(order, 'service', {
      serviceStartedAt: AT,
      serviceEndedAt: AT,
      itemsDone: ['main'],
      photosBefore: [PHOTO],
      photosAfter: [PHOTO],
      elderState: 'good',
      abnormalFound: false,
    });
    await forms.submit(order, 'rate', { ratingOverall: 2, ratingSource: 'family' });
    order.due('sample');
    await forms.submit(order, 'return_visit', { visitContactedAt: AT, visitOverall: 2, visitSatisfied: false, visitWish: '重新打扫' });
    await forms.submit(order, 'remedy', {
      remedyDecision: 'compensate',
      compensation: 30,
      responsibility: 'provider',
      remedyNote: '已道歉并补偿',
    });
    order.due('close');
    assert.deepEqual(order.status(), ['ended']);
  });

  it('lead an order that nobody opens the door for to an alert', async () => {
    const order = await anOrder();
    await forms.submit(order, 'intake', { accept: true });
    await forms.submit(order, 'dispatch', { providerId: 'provider-001' });
    await forms.submit(order, 'offer', { offerAccepted: true });
    await forms.submit(order, 'assign_worker', { workerName: '张红梅', workerPhone: '19900091001', appointmentAt: AT });
    await forms.submit(order, 'check_in', { arrivedAt: AT, doorAnswered: false, positionReason: '楼内无信号' });
    await forms.submit(order, 'no_show', { waitedMinutes: 15, calledElder: true, noShowDecision: 'alert', noShowNote: '多次敲门无应答' });
    await forms.submit(order, 'claim', {});
    assert.ok(order.active().includes('phone_check'));
  });

  it('lead an alert from start to review', async () => {
    const alert = await anAlert();
    alert.due('claim_timeout');
    await forms.submit(alert, 'escalate', { escalationAction: 'take_over' });
    await forms.submit(alert, 'phone_check', { callResult: 'no_answer', callAttempts: 2 });
    await forms.submit(alert, 'call_contact', { contactResult: 'going' });
    alert.due('visit_timeout');
    await forms.submit(alert, 'reinforce', { reinforceWho: '周敏' });
    await forms.submit(alert, 'visit', { arrivedAt: AT, entryWay: 'key', positionReason: '室内定位不准' });
    await forms.submit(alert, 'assess', { siteState: 'medical', siteNote: '意识清楚，髋部疼痛', systolic: 165, diastolic: 92 });
    await forms.submit(alert, 'call_120', { emergencyCalledAt: AT, emergencyOrderNo: '120-0017', hospital: '天津医院' });
    await forms.submit(alert, 'record', { outcome: 'hospitalised', handling: '120 送往天津医院，儿子陪同', followUp: ['visit_24h'] });
    await forms.submit(alert, 'review', { reviewConclusion: 'proper', responseMinutes: 11 });
    assert.deepEqual(alert.status(), ['ended']);
  });

  it('ask for the reason only when intake or provider say no', async () => {
    const order = await anOrder();
    assert.deepEqual(await pointers(order, 'intake', { accept: true }), []);
    assert.deepEqual(await pointers(order, 'intake', { accept: false }), ['/refuseReason']);
    await forms.submit(order, 'intake', { accept: true });
    await forms.submit(order, 'dispatch', { providerId: 'provider-001' });
    assert.deepEqual(await pointers(order, 'offer', { offerAccepted: false }), ['/offerRefuseReason']);
  });

  it('refuse a mobile number that is none, missing consent and a missing address at the start', async () => {
    const model = standard.models[0]!;
    const element = model.elements[model.indexById['start_order']!]!;
    const data = { elderName: '张桂兰', contactPhone: '12345', serviceItem: 'bath', paymentWay: 'self', wantedFrom: AT, consent: false };
    await assert.rejects(forms.startData(element, data), (error: { actual?: { pointer: string }[] }) => {
      assert.deepEqual(new Set(error.actual?.map(({ pointer }) => pointer)), new Set(['/contactPhone', '/address', '/consent']));
      return true;
    });
  });

  it('show later tasks what was ordered, read-only', async () => {
    const order = await anOrder();
    assert.deepEqual(await pointers(order, 'intake', { accept: true, elderName: '李四' }), ['/elderName']);
  });

  it('ask for photos before and after, and for a position or a reason without one', async () => {
    const order = await anOrder();
    await forms.submit(order, 'intake', { accept: true });
    await forms.submit(order, 'dispatch', { providerId: 'provider-001' });
    await forms.submit(order, 'offer', { offerAccepted: true });
    await forms.submit(order, 'assign_worker', { workerName: '张红梅', workerPhone: '19900091001', appointmentAt: AT });
    const arrival = { arrivedAt: AT, doorAnswered: true, identityMethod: 'face', identityPassed: true };
    assert.deepEqual(await pointers(order, 'check_in', arrival), ['/positionReason']);
    await forms.submit(order, 'check_in', { ...arrival, position: { latitude: 39.08, longitude: 117.21 } });
    const record = { serviceStartedAt: AT, serviceEndedAt: AT, itemsDone: ['main'], elderState: 'good', abnormalFound: false };
    assert.deepEqual(await pointers(order, 'service', { ...record, photosAfter: [] }), ['/photosBefore', '/photosAfter']);
  });
});
