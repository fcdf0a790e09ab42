import assert from 'node:assert/strict';
import { replayedState } from '#engine/store/rebuild.ts';
import { loadByInstance, loadRest } from '#engine/store/instance-store.ts';
import { bpmnFile, flows } from '#test/support/bpmn-text.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, type TestEngine } from '#test/support/test-engine.ts';

const ITEMS = 150;
const large = bpmnFile(
  'large',
  `<bpmn:startEvent id="s"/><bpmn:userTask id="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">${ITEMS}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask><bpmn:userTask id="after"/>${flows('s each after')}`,
);
const called = bpmnFile('called', `<bpmn:startEvent id="s"/><bpmn:userTask id="inside"/>${flows('s inside')}`);
const caller = bpmnFile('caller', `<bpmn:startEvent id="s"/><bpmn:callActivity id="call" calledElement="called"/><bpmn:userTask id="after"/>${flows('s call after')}`);

for (const dialect of dialects()) {
  dialect.describe('modification in the store', () => {
    let test: TestEngine;
    beforeEach(async function () {
      this.timeout(60_000);
      test = await aTestEngine(dialect);
      await test.deploy(large, called, caller);
    });
    afterEach(() => test.close());

    /** Folding the events gives the stored state. */
    async function checkReplay(instanceId: number): Promise<void> {
      const replayed = await test.store.query(replayedState(instanceId));
      const loaded = await test.store.query(loadByInstance(instanceId));
      assert.ok(loaded && replayed);
      await test.store.query(loadRest(loaded));
      const { state } = loaded.instances.get(instanceId)!;
      const byId = (list: readonly { id: number }[]) => list.toSorted((a, b) => a.id - b.id);
      assert.deepEqual(byId(state.elements), byId(replayed.state.elements));
      assert.deepEqual(byId(state.jobs), byId(replayed.state.jobs));
    }

    it('adds an item to a large loop and takes one away', async () => {
      const { id } = await test.start('large');
      const [first] = await test.tasks(id);
      await test.engine.runtime.modify({ instanceId: id, instructions: [{ type: 'cancel', instance: first!.id }, { type: 'startBefore', target: 'each' }] }, ACTOR);
      await checkReplay(id);
      assert.equal((await test.tasks(id)).length, ITEMS);
      for (const task of await test.tasks(id)) await test.engine.tasks.complete(task.id, {}, ACTOR);
      assert.deepEqual((await test.tasks(id)).map(({ element }) => element), ['after']);
    }).timeout(60_000);

    it('ends the called instance with its call activity', async () => {
      const { id } = await test.start('caller');
      await test.engine.runtime.modify({ instanceId: id, instructions: [{ type: 'cancel', activity: 'call' }, { type: 'startAfter', target: 'call' }] }, ACTOR);
      await checkReplay(id);
      const rows = await test.store.read('SELECT id, end_state FROM history_instance');
      assert.deepEqual([rows.length, (await test.store.read('SELECT element FROM task')).map(({ element }) => element)], [1, ['after']]);
    });

    it('changes a suspended instance, which stays suspended', async () => {
      const { id } = await test.start('called');
      await test.engine.runtime.setSuspended(id, true, ACTOR);
      await test.engine.runtime.modify({ instanceId: id, instructions: [{ type: 'startBefore', target: 'inside' }] }, ACTOR);
      assert.equal((await test.tasks(id)).length, 2);
      const [row] = await test.store.read('SELECT status FROM process_instance WHERE id = ?', [id]);
      assert.equal(row?.['status'], 'suspended');
    });
  });
}
