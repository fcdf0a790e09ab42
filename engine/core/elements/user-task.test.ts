import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { NOW } from '#test/support/core-ports.ts';
import { aProcess, end, expr, start, userTask } from '#test/support/process-builder.ts';

describe('user task', () => {
  function createdTask(fields: Parameters<typeof userTask>[0], variables: Record<string, unknown> = {}) {
    const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask(fields), end: end() }, ['start -> a -> end'])]));
    s.start(variables);
    return s.instancesOf('a')[0]?.task;
  }

  describe('when it has no attributes', () => {
    it("has Camunda 7's defaults", () => {
      assert.deepEqual(createdTask({ name: 'Check' }), {
        name: 'Check',
        description: null,
        assignee: null,
        owner: null,
        candidateUsers: [],
        candidateGroups: [],
        priority: 50,
        dueAt: null,
        followUpAt: null,
        formKey: null,
      });
    });
  });

  describe('when it has attributes', () => {
    it('evaluates them once, on creation', () => {
      const task = createdTask(
        {
          name: 'unused',
          nameExpression: expr('Visit ${elder}'),
          assignee: expr('${who}'),
          description: expr('Bring ${elder} home'),
          priority: expr('${level * 10}'),
          dueDate: expr('PT4H'),
          followUpDate: expr('${at}'),
          formKey: expr('visit-${kind}'),
        },
        { elder: 'Li', who: 'wang', level: 7, at: NOW + 5, kind: 'home' },
      );
      assert.deepEqual(
        [task?.name, task?.assignee, task?.description, task?.priority, task?.dueAt, task?.followUpAt, task?.formKey],
        ['Visit Li', 'wang', 'Bring Li home', 70, NOW + 4 * 3_600_000, NOW + 5, 'visit-home'],
      );
    });

    it('takes candidates from comma lists and from lists, each once', () => {
      const task = createdTask(
        { candidateGroups: [expr('dispatcher, worker'), expr('${groups}')], candidateUsers: [expr('${users}')] },
        { groups: ['worker', 'provider-001'], users: 'li,wang' },
      );
      assert.deepEqual(task?.candidateGroups, ['dispatcher', 'worker', 'provider-001']);
      assert.deepEqual(task?.candidateUsers, ['li', 'wang']);
    });

    it('takes a candidate expression that gives nothing for none', () => {
      assert.deepEqual(createdTask({ candidateGroups: [expr('${nobody}')] }, { nobody: null })?.candidateGroups, []);
    });

    it('takes an assignee expression without a text for nobody', () => {
      assert.equal(createdTask({ assignee: expr('${who}') }, { who: '' })?.assignee, null);
      assert.equal(createdTask({ assignee: expr('${who}') }, { who: null })?.assignee, null);
    });

    it('refuses a priority that is no integer', () => {
      assert.throws(() => createdTask({ priority: expr('${p}') }, { p: 'high' }), { code: 'NUMBER_INVALID', elementId: 'a' });
    });

    it('keeps the form reference with its version', () => {
      const task = createdTask({ formRef: { key: expr('visit'), binding: { kind: 'version', version: expr('3') } } });
      assert.deepEqual(task?.formRef, { key: 'visit', binding: 'version', version: 3 });
    });
  });

  describe('when it is completed', () => {
    it('ends the task and goes on', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), a: userTask(), end: end() }, ['start -> a -> end'])]));
      s.start();
      const { lines } = s.complete('a', { ok: true });
      assert.deepEqual(lines, [
        'VariableSet ok=true',
        'UserTaskEnded a completed',
        'ElementCompleted a',
        'ElementActivated end',
        'ElementCompleted end',
        'InstanceEnded COMPLETED',
      ]);
    });
  });
});
