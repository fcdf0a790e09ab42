import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, expr, start, userTask } from '#test/support/process-builder.ts';
import { assignTask } from './assign-task.ts';
import { claimTask } from './claim-task.ts';
import { unclaimTask } from './unclaim-task.ts';
import { updateTask } from './update-task.ts';

describe('claimTask and its kin', () => {
  const started = () => {
    const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask({ candidateGroups: [expr('worker')] }) }, ['start -> a'])]));
    s.start();
    return { s, taskId: s.taskOf('a'), assignee: () => s.instancesOf('a')[0]?.task?.assignee };
  };

  it('makes the user the assignee and records who had it before', () => {
    const { s, taskId, assignee } = started();
    const { events } = s.perform(claimTask, { taskId, userId: 'wang' });
    assert.deepEqual(events, [
      {
        instance: s.states()[0]?.id,
        type: 'UserTaskUpdated',
        id: taskId,
        change: { assignee: 'wang' },
        old: { assignee: null },
        operation: 'claim',
      },
    ]);
    assert.equal(assignee(), 'wang');
  });

  it('is no event when the same user claims again', () => {
    const { s, taskId } = started();
    s.perform(claimTask, { taskId, userId: 'wang' });
    assert.deepEqual(s.perform(claimTask, { taskId, userId: 'wang' }).events, []);
  });

  describe('when someone else has it', () => {
    it('refuses the claim but not the assignment', () => {
      const { s, taskId, assignee } = started();
      s.perform(claimTask, { taskId, userId: 'wang' });
      assert.throws(() => s.perform(claimTask, { taskId, userId: 'li' }), { code: 'TASK_ALREADY_CLAIMED' });
      s.perform(assignTask, { taskId, userId: 'li' });
      assert.equal(assignee(), 'li');
    });
  });

  it('gives it back', () => {
    const { s, taskId, assignee } = started();
    s.perform(claimTask, { taskId, userId: 'wang' });
    s.perform(unclaimTask, { taskId });
    assert.equal(assignee(), null);
  });

  it('records only the fields that change', () => {
    const { s, taskId } = started();
    const { events } = s.perform(updateTask, { taskId, change: { priority: 80, candidateGroups: ['worker'], dueAt: null } });
    s.perform(updateTask, { taskId, change: { candidateGroups: ['worker', 'dispatcher'] } });
    assert.deepEqual(s.instancesOf('a')[0]?.task?.candidateGroups, ['worker', 'dispatcher']);
    assert.deepEqual(
      events.map((event) => event.type === 'UserTaskUpdated' && event.change),
      [{ priority: 80 }],
    );
  });

  it('fails for a task that is completed', () => {
    const { s, taskId } = started();
    s.complete('a');
    assert.throws(() => s.perform(claimTask, { taskId, userId: 'wang' }), { code: 'TASK_NOT_FOUND' });
  });
});
