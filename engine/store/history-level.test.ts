import assert from 'node:assert/strict';
import { dialects, type Dialect } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, variablesOf, type TestEngine } from '#test/support/test-engine.ts';
import { HISTORY_LEVELS, levelOf, shows } from './history-level.ts';
import { finalVariables } from './read-models/instance-history.ts';
import { replayedState } from './rebuild.ts';

const model = (level: string) => `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:songbai="https://songbai.example/schema/1.0/bpmn" id="d-${level}" targetNamespace="t">
<bpmn:process id="at-${level}" isExecutable="true" songbai:historyLevel="${level}"><bpmn:startEvent id="s"/><bpmn:userTask id="w"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="w"/></bpmn:process></bpmn:definitions>`;
const LARGE = 'x'.repeat(9_000);

for (const dialect of dialects()) dialect.describe('history level', () => levelsOn(dialect));

function levelsOn(dialect: Dialect): void {
  let test: TestEngine;
  before(async function () {
    this.timeout(60_000);
    test = await aTestEngine(dialect);
    await test.deploy(...HISTORY_LEVELS.map((level) => ({ name: `${level}.bpmn`, content: model(level) })));
  });
  after(() => test.close());

  const rows = async (table: string, id: number) =>
    Number((await test.store.read(`SELECT COUNT(*) AS n FROM ${table} WHERE ${table === 'history_instance' ? 'id' : 'instance_id'} = ?`, [id]))[0]?.['n']);
  async function ended(level: string): Promise<number> {
    const { id } = await test.start(`at-${level}`, { room: 12, text: LARGE });
    const [task] = await test.tasks(id);
    await test.engine.tasks.complete(task?.id ?? 0, variablesOf({ last: `${LARGE}!` }), ACTOR);
    return id;
  }

  for (const level of HISTORY_LEVELS) {
    it(`${level}: a running instance has all its events`, async () => {
      const { id } = await test.start(`at-${level}`, { room: 12 });
      const state = await test.store.query(replayedState(id));
      assert.equal(state?.state.elements[0]?.variables?.['room']?.value, 12);
    });
  }

  const KEPT = {
    none: { history_instance: 0, history_activity: 0, history_task: 0, event: 0, payload_use: 0 },
    activity: { history_instance: 1, history_activity: 2, history_task: 1, event: 0, payload_use: 0 },
    audit: { history_instance: 1, history_activity: 2, history_task: 1, event: 0, payload_use: 2 },
    full: { history_instance: 1, history_activity: 2, history_task: 1, event: 2, payload_use: 2 },
  };
  for (const level of HISTORY_LEVELS) {
    it(`${level}: keeps of an ended instance what it shows`, async () => {
      const id = await ended(level);
      const kept = await Promise.all(Object.keys(KEPT[level]).map(async (table) => [table, await rows(table, id)]));
      assert.deepEqual(Object.fromEntries(kept), KEPT[level]);
      const variables = await test.store.query(finalVariables(id));
      assert.deepEqual(Object.keys(variables ?? {}).toSorted(), shows(level, 'audit') ? ['last', 'room', 'text'] : []);
    });
  }

  it('is the engine’s where the process names none', () => {
    const unnamed = { elements: [] };
    assert.equal(levelOf(unnamed, 'audit'), 'audit');
  });
}
