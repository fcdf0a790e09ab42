import assert from 'node:assert/strict';
import type { RequestError } from '#engine/errors.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, TENANT, type TestEngine, variablesOf } from '#test/support/test-engine.ts';

const failsWith = (code: string) => (error: RequestError) => error.code === code;
const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
let count = 0;
const def = (type: string, attributes = '', content = '') =>
  `<bpmn:${type}EventDefinition id="d${++count}" ${attributes}>${content}</bpmn:${type}EventDefinition>`;
const message = def('message', 'messageRef="msg"');
const signal = def('signal', 'signalRef="sig"');
const timer = def('timer', '', '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT10M</bpmn:timeDuration>');
const condition = def('conditional', '', '<bpmn:condition xsi:type="bpmn:tFormalExpression">${heat &gt; 35}</bpmn:condition>');

/** Each start event leads to a user task of its own, named after it. */
const file = (key: string, starts: Record<string, string>) => ({
  name: `${key}.bpmn`,
  content: `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d-${key}" targetNamespace="t"><bpmn:signal id="sig" name="alarm"/><bpmn:message id="msg" name="order"/><bpmn:process id="${key}" isExecutable="true">${Object.entries(
    starts,
  )
    .map(
      ([id, definitions]) =>
        `<bpmn:startEvent id="${id}">${definitions}</bpmn:startEvent><bpmn:userTask id="${id}Task"/>${flow(id, `${id}Task`)}`,
    )
    .join('')}</bpmn:process></bpmn:definitions>`,
});

for (const dialect of dialects()) {
  dialect.describe('start events', () => {
    let test: TestEngine;
    beforeEach(async () => {
      test = await aTestEngine(dialect);
    });
    afterEach(() => test.close());

    const started = async () =>
      (await test.store.read('SELECT element, tenant FROM task ORDER BY id')).map((row) => String(row['element']));
    const byMessage = () => test.engine.runtime.correlate({ message: 'order', tenant: TENANT, area: null, variables: {}, actor: ACTOR });
    const bySignal = (tenant = TENANT) => test.engine.runtime.signal({ name: 'alarm', tenant, variables: {}, actor: ACTOR });
    const byCondition = (heat: number, tenant = TENANT) =>
      test.engine.runtime.evaluateConditions({ tenant, area: tenant, businessKey: null, variables: variablesOf({ heat }), actor: ACTOR });
    const byTimer = async () => {
      test.store.clock.shift(11 * 60_000);
      await test.runJobs();
    };

    it('start by each of their own events', async () => {
      await test.deploy(file('p', { a: message, b: signal, c: timer, d: condition, e: '' }));
      await byMessage();
      await bySignal();
      await byTimer();
      await byCondition(20);
      await byCondition(36);
      await test.start('p');
      assert.deepEqual(await started(), ['aTask', 'bTask', 'cTask', 'dTask', 'eTask']);
    });

    it('with several events start by any of them', async () => {
      await test.deploy(file('p', { a: message + signal + timer + condition }));
      await byMessage();
      await bySignal();
      await byTimer();
      await byCondition(36);
      await test.start('p');
      assert.deepEqual(await started(), ['aTask', 'aTask', 'aTask', 'aTask', 'aTask']);
    });

    for (const [kind, definition] of Object.entries({ message, signal, timer, condition })) {
      it(`begin a start by key when a ${kind} is the only one`, async () => {
        await test.deploy(file('p', { a: definition }));
        await test.start('p');
        assert.deepEqual(await started(), ['aTask']);
      });
    }

    it('do not begin a start by key when there are several, none of them plain', async () => {
      await test.deploy(file('p', { a: message, b: signal }));
      await assert.rejects(test.start('p'), failsWith('START_EVENT_MISSING'));
    });

    describe('when a new version is deployed', () => {
      it('are those of the new version only', async () => {
        await test.deploy(file('p', { old: signal + condition }));
        await test.deploy(file('p', { fresh: signal + condition }));
        await bySignal();
        await byCondition(36);
        assert.deepEqual(await started(), ['freshTask', 'freshTask']);
      });
    });

    describe('when the content is shared', () => {
      it('start in the district of the signal or request, unless it has a version of its own', async () => {
        const { name, content } = file('p', { shared: signal + condition });
        await test.engine.repository.deploy({
          name: 'shared',
          source: null,
          tenant: null,
          actor: ACTOR,
          resources: [{ name, content: Buffer.from(content) }],
        });
        await bySignal();
        await byCondition(36, '330102');
        const tenants = await test.store.read('SELECT tenant FROM task ORDER BY id');
        assert.deepEqual(
          tenants.map(({ tenant }) => tenant),
          [TENANT, '330102'],
        );
        await test.deploy(file('p', { own: '' }));
        await bySignal();
        await assert.rejects(byCondition(36), failsWith('CONDITIONAL_START_MISSING'));
        assert.equal((await started()).length, 2);
      });
    });
  });
}
