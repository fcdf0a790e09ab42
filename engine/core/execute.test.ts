import assert from 'node:assert/strict';
import fc from 'fast-check';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, type Scenario, vars } from '#test/support/core-scenario.ts';
import { arbitraryBlock, processesOf } from '#test/support/random-process.ts';
import { completeExternalTask } from './commands/complete-external-task.ts';
import { completeTask } from './commands/complete-task.ts';
import { correlateMessage } from './commands/correlate-message.ts';
import { executeJob } from './commands/execute-job.ts';
import { throwExternalTaskError } from './commands/throw-external-task-error.ts';
import type { InstanceState } from './state.ts';

/** Everything that someone could do now, those that end what is there first. */
function possibleActions(s: Scenario): (() => void)[] {
  const elementOf = (state: InstanceState, index: number) => s.ports.model(state.definitionId).elements[index];
  const isAside = (state: InstanceState, index: number) =>
    ['bpmn:BoundaryEvent', 'bpmn:StartEvent'].includes(elementOf(state, index)?.type ?? '');
  const straight: (() => void)[] = [];
  const aside: (() => void)[] = [];
  for (const state of s.states()) {
    for (const { id, element, task, externalTask } of state.elements) {
      if (task) {
        straight.push(() => s.perform(completeTask, { taskId: id }));
        // Conditional events look at `pick`.
        aside.push(() => s.perform(completeTask, { taskId: id, variables: vars({ pick: 7 }) }));
      }
      if (!externalTask) continue;
      straight.push(() => s.perform(completeExternalTask, { taskId: id, workerId: 'w' }));
      if (!elementOf(state, element)?.id.startsWith('failing')) continue;
      straight.push(() => s.perform(throwExternalTaskError, { taskId: id, workerId: 'w', code: 'E-1', message: null }));
    }
    for (const { id, element } of state.jobs) (isAside(state, element) ? aside : straight).push(() => s.perform(executeJob, { jobId: id }));
    for (const { id, element } of state.subscriptions) {
      (isAside(state, element) ? aside : straight).push(() => s.perform(correlateMessage, { subscriptionId: id }));
    }
  }
  return [...straight, ...aside];
}

describe('any block-structured process', () => {
  it('runs to its end, without orphans, and its events fold to its state after every command', () => {
    const runs = fc.property(arbitraryBlock, fc.nat(2), fc.array(fc.nat(1_000), { maxLength: 30 }), (block, pick, choices) => {
      // given
      const s = scenario(corePorts(processesOf(block)));
      s.start({ pick });
      // when: first anything, then straight to the end
      for (const choice of choices) {
        const actions = possibleActions(s);
        actions[choice % actions.length]?.();
      }
      for (let left = 2_000; left > 0 && s.status()[0] === 'active'; left--) {
        const [next] = possibleActions(s);
        assert.ok(next, `expected someone to be able to go on, but nothing waits for anything: ${s.active().join(' ')}`);
        next();
      }
      // then (the scenario checked the invariants after every command)
      assert.deepEqual(new Set(s.status()), new Set(['ended']));
    });
    fc.assert(runs, { numRuns: 200 });
  }).timeout(60_000);
});
