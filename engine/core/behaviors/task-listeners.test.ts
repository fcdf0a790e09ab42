import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, boundary, duration, end, expr, start, userTask } from '#test/support/process-builder.ts';
import { assignTask } from '../commands/assign-task.ts';
import { claimTask } from '../commands/claim-task.ts';
import { updateTask } from '../commands/update-task.ts';
import { Failure } from '../failure.ts';
import type { TaskListenerEvent, TimerDefinition } from '../model.ts';
import type { EvaluationContext } from '../ports.ts';

const events: TaskListenerEvent[] = ['create', 'assignment', 'update', 'complete', 'delete'];
const timer = (text: string): TimerDefinition => ({ kind: 'duration', expression: expr(text) });

type Listen = Partial<Record<TaskListenerEvent, (context: EvaluationContext) => unknown>>;

/** A process with one task that notes every event; `listen` does more. */
function listening(fields: Parameters<typeof userTask>[0] = {}, listen: Listen = {}) {
  const notes: string[] = [];
  const note = (context: EvaluationContext) => {
    const event = context.task?.eventName as TaskListenerEvent;
    notes.push(event);
    return listen[event]?.(context);
  };
  const taskListeners = events.map((event) => ({ event, expression: expr('${note}') }));
  const s = scenario(
    corePorts(
      [
        aProcess(
          'p',
          { s: start(), a: userTask({ taskListeners, ...fields }), t: boundary('a', duration('PT1H')), e: end(), f: end() },
          ['s -> a -> e', 't -> f'],
        ),
      ],
      { '${note}': note },
    ),
  );
  return { s, notes, clear: () => notes.splice(0), task: () => s.instancesOf('a')[0]?.task };
}

describe('task listeners', () => {
  describe('when a task is created', () => {
    it('run create, and assignment when it has an assignee', () => {
      const plain = listening();
      plain.s.start();
      assert.deepEqual(plain.notes, ['create']);
      const assigned = listening({ assignee: expr('li') });
      assigned.s.start();
      assert.deepEqual(assigned.notes, ['create', 'assignment']);
    });

    it('run assignment for an assignee that the create listener sets', () => {
      const { s, notes, task } = listening({}, { create: ({ task: it }) => it?.change?.set('assignee', 'zhao') });
      s.start();
      assert.deepEqual(notes, ['create', 'assignment']);
      assert.equal(task()?.assignee, 'zhao');
    });
  });

  describe('when a task is changed', () => {
    it('run update, then assignment when it has another assignee', () => {
      const { s, notes, clear } = listening();
      s.start();
      clear();
      s.perform(claimTask, { taskId: s.taskOf('a'), userId: 'li' });
      assert.deepEqual(clear(), ['update', 'assignment']);
      s.perform(updateTask, { taskId: s.taskOf('a'), change: { priority: 80 } });
      assert.deepEqual(clear(), ['update']);
      s.perform(assignTask, { taskId: s.taskOf('a'), userId: 'li' });
      assert.deepEqual(notes, []);
    });

    it('cause no further events by what they set', () => {
      const { s, notes, clear, task } = listening({}, { update: ({ task: it }) => it?.change?.set('priority', '90') });
      s.start();
      clear();
      s.perform(updateTask, { taskId: s.taskOf('a'), change: { priority: 80 } });
      assert.deepEqual(notes, ['update']);
      assert.equal(task()?.priority, 90);
    });
  });

  describe('when they write the task', () => {
    it('sets its properties and candidates', () => {
      const { s, task } = listening(
        { candidateGroups: [expr('nurse'), expr('doctor')] },
        {
          create({ task: it }) {
            it?.change?.set('name', '派单');
            it?.change?.set('description', null);
            it?.change?.set('owner', 'wang');
            it?.change?.set('dueDate', 'PT4H');
            it?.change?.set('followUpDate', 1_000);
            it?.change?.addCandidates('candidateUsers', ['li', 'li']);
            it?.change?.deleteCandidate('candidateGroups', 'nurse');
          },
        },
      );
      s.start();
      const { name, owner, dueAt, followUpAt, candidateUsers, candidateGroups } = task() ?? {};
      assert.deepEqual([name, owner, followUpAt, candidateUsers, candidateGroups], ['派单', 'wang', 1_000, ['li'], ['doctor']]);
      assert.equal(dueAt, s.ports.now + 4 * 3_600_000);
    });

    it('refuses a priority that is none', () => {
      const { s } = listening({}, { create: ({ task: it }) => it?.change?.set('priority', 'high') });
      assert.throws(() => s.start(), { code: 'NUMBER_INVALID', elementId: 'a' });
    });
  });

  describe('when a task is completed', () => {
    it('see what it was completed with, and the task itself', () => {
      const seen: unknown[] = [];
      const { s, notes, clear } = listening({ assignee: expr('li') }, { complete: ({ variable, task: it }) => seen.push(variable('done')?.value, it?.assignee) });
      s.start();
      clear();
      s.complete('a', { done: true });
      assert.deepEqual(notes, ['complete']);
      assert.deepEqual(seen, [true, 'li']);
    });

    it('fail the completion when one fails', () => {
      const { s } = listening({}, {
        complete() {
          throw new Failure('EXPRESSION_FAILED', 'Expected a photo, but there is none');
        },
      });
      s.start();
      assert.throws(() => s.complete('a'), { code: 'EXPRESSION_FAILED', elementId: 'a' });
    });
  });

  describe('when a task is canceled', () => {
    it('run delete', () => {
      const { s, notes, clear } = listening();
      s.start();
      clear();
      s.due('t');
      assert.deepEqual(notes, ['delete']);
    });
  });

  describe('when one has a timer', () => {
    const listener = (source: string, text: string) => ({ event: 'timeout' as const, expression: expr(source), timer: timer(text) });

    it('runs when it is due, while the task stays', () => {
      const { s, notes, clear } = listening({ taskListeners: [listener('${note}', 'PT10M')] });
      s.start();
      s.due('a');
      assert.deepEqual(clear(), ['timeout']);
      assert.ok(s.taskOf('a'));
      s.complete('a');
      assert.deepEqual(notes, []);
    });

    it('runs each at its own time', () => {
      const { s } = listening({ taskListeners: [listener('${note}', 'PT10M'), listener('${note}', 'PT20M')] });
      s.start();
      assert.deepEqual(
        s.jobsOf('a').map(({ dueAt, listener: index }) => [dueAt - s.ports.now, index]),
        [
          [600_000, 0],
          [1_200_000, 1],
        ],
      );
      s.complete('a');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('runs again and again for a cycle', () => {
      const cycle = { event: 'timeout' as const, expression: expr('${note}'), timer: { kind: 'cycle', expression: expr('R2/PT10M') } as TimerDefinition };
      const { s, notes } = listening({ taskListeners: [cycle] });
      s.start();
      s.due('a');
      s.due('a');
      assert.deepEqual(notes, ['timeout', 'timeout']);
      assert.deepEqual(s.jobsOf('a'), []);
    });
  });
});
