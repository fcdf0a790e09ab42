import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, type Scenario } from '#test/support/core-scenario.ts';
import {
  adHoc,
  aProcess,
  businessRuleTask,
  callActivity,
  end,
  expr,
  externalTask,
  manualTask,
  receiveTask,
  scriptTask,
  sendTask,
  serviceTask,
  type Spec,
  start,
  subProcess,
  task,
  transaction,
  userTask,
} from '#test/support/process-builder.ts';
import { correlateMessage } from '../commands/correlate-message.ts';
import { completeExternalTask } from '../commands/complete-external-task.ts';
import { completeTask } from '../commands/complete-task.ts';

type Fields = Record<string, unknown>;
const inside = { s: start(), note: task(), e: end() };
const external = { implementation: { kind: 'external', topic: expr('sms'), errors: [] } };

/** Every kind of activity; those that wait are worked on by whoever they wait for. */
const activities: Record<string, (fields: Fields) => Spec> = {
  task,
  'manual task': manualTask,
  'user task': userTask,
  'external service task': (fields) => externalTask('sms', fields),
  'service task without work': serviceTask,
  'business rule task': (fields) => businessRuleTask({ ...external, ...fields }),
  'send task': (fields) => sendTask({ ...external, ...fields }),
  'receive task': (fields) => receiveTask('reply', fields),
  'script task': (fields) => scriptTask('${open}', fields),
  'sub-process': (fields) => subProcess(inside, ['s -> note -> e'], fields),
  transaction: (fields) => transaction(inside, ['s -> note -> e'], fields),
  'ad-hoc sub-process': (fields) => adHoc({ note: task() }, [], { activeElements: expr('${plan}'), ...fields }),
  'call activity': (fields) => callActivity('called', fields),
};
const loops: Record<string, Fields> = {
  'a parallel multi-instance': { multiInstance: { sequential: false, cardinality: expr('3') } },
  'a sequential multi-instance': { multiInstance: { sequential: true, cardinality: expr('3') } },
  'a standard loop': { standardLoop: { testBefore: false, condition: expr('${open}'), maximum: 3 } },
};

/** Does what one item waits for; false when none waits. */
function workOnOne(s: Scenario): boolean {
  for (const state of s.states()) {
    for (const { id, task: open, externalTask: work } of state.elements) {
      if (open && s.instancesOf('after').every((after) => after.id !== id)) s.perform(completeTask, { taskId: id });
      else if (work) s.perform(completeExternalTask, { taskId: id, workerId: 'w' });
      else continue;
      return true;
    }
    const [waiting] = state.subscriptions;
    if (!waiting) continue;
    s.perform(correlateMessage, { subscriptionId: waiting.id });
    return true;
  }
  return false;
}

for (const [loop, fields] of Object.entries(loops)) {
  describe(loop, () => {
    for (const [name, activity] of Object.entries(activities)) {
      it(`runs a ${name} three times and goes on once`, () => {
        // given
        const model = aProcess('p', { start: start(), a: activity(fields), after: userTask() }, ['start -> a -> after']);
        const s = scenario(corePorts([model, aProcess('called', inside, ['s -> note -> e'])]));
        s.start({ open: true, plan: ['note'] });
        // when
        while (workOnOne(s));
        // then
        assert.deepEqual(s.active(), ['after']);
        const index = model.indexById['a'];
        const ended = s.history.filter(
          (event) => event.type === 'ElementCompleted' && event.instance === s.states()[0]?.id && event.element === index,
        );
        assert.equal(ended.length, 4, 'three items and their body');
      });
    }
  });
}
