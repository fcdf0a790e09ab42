import assert from 'node:assert/strict';
import { replayedState } from '#engine/store/rebuild.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { canonical } from '#test/support/canonical-state.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, TENANT, type TestEngine, variablesOf } from '#test/support/test-engine.ts';

/** More items than the state of the instance keeps: they are stored apart and loaded when somebody asks. */
const ITEMS = 120;
const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const model = {
  name: 'visits.bpmn',
  content: `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t"><bpmn:signal id="sig" name="alarm"/>
<bpmn:process id="visits" isExecutable="true" camunda:historyTimeToLive="P1D"><bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:userTask id="ring"/><bpmn:endEvent id="rang"><bpmn:signalEventDefinition id="sd1" signalRef="sig"/></bpmn:endEvent>
<bpmn:subProcess id="visit"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">${ITEMS}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
<bpmn:startEvent id="is"/><bpmn:userTask id="work"/>${flow('is', 'work')}
<bpmn:boundaryEvent id="alarmed" attachedToRef="work" cancelActivity="false"><bpmn:signalEventDefinition id="sd2" signalRef="sig"/></bpmn:boundaryEvent><bpmn:manualTask id="heard"/>${flow('alarmed', 'heard')}
<bpmn:boundaryEvent id="hot" attachedToRef="work"><bpmn:conditionalEventDefinition id="cd"><bpmn:condition xsi:type="bpmn:tFormalExpression">\${heat &gt; 35}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:boundaryEvent><bpmn:userTask id="rest"/>${flow('hot', 'rest')}
</bpmn:subProcess>${flow('s', 'fork')}${flow('fork', 'ring')}${flow('ring', 'rang')}${flow('fork', 'visit')}</bpmn:process></bpmn:definitions>`,
};

for (const dialect of dialects()) {
  dialect.describe('events in the items of a large loop', () => {
    let test: TestEngine;
    let id: number;
    before(async () => {
      test = await aTestEngine(dialect);
      await test.deploy(model);
    });
    after(() => test.close());
    beforeEach(async () => {
      ({ id } = await test.start('visits', { heat: 20 }));
    });
    afterEach(() => test.engine.runtime.delete(id, null, ACTOR));

    const count = async (element: string) => (await test.tasks(id)).filter((task) => task.element === element).length;
    const heard = async () =>
      (await test.store.read("SELECT seq FROM history_activity WHERE instance_id = ? AND element = 'heard'", [id])).length;
    const set = (heat: number) => test.engine.runtime.setVariables(id, { set: variablesOf({ heat }), remove: [] }, ACTOR);
    async function assertFolds(): Promise<void> {
      const stored = (await test.store.query(loadByInstance(id)))?.instances.get(id)?.state;
      const replayed = (await test.store.query(replayedState(id)))?.state;
      assert.ok(stored && replayed);
      assert.deepEqual(canonical(stored), canonical(replayed));
    }

    it('see a change of a variable around them', async () => {
      await set(30);
      assert.equal(await count('work'), ITEMS);
      await set(36);
      assert.deepEqual([await count('work'), await count('rest')], [0, ITEMS]);
      await assertFolds();
    });

    it('see a change that one of them makes, that one included', async () => {
      const [one] = (await test.tasks(id)).filter(({ element }) => element === 'work');
      await test.engine.tasks.complete(one?.id ?? 0, variablesOf({ heat: 36 }), ACTOR);
      assert.deepEqual([await count('work'), await count('rest')], [0, ITEMS]);
      await assertFolds();
    });

    it('get a signal from the same instance and from outside', async () => {
      const [ring] = (await test.tasks(id)).filter(({ element }) => element === 'ring');
      await test.engine.tasks.complete(ring?.id ?? 0, {}, ACTOR);
      assert.equal(await heard(), ITEMS);
      await test.engine.runtime.signal({ name: 'alarm', tenant: TENANT, variables: {}, actor: ACTOR });
      assert.equal(await heard(), 2 * ITEMS);
      await assertFolds();
    });
  });
}
