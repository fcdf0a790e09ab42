import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { typed, type Variables } from '#engine/core/values.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';

const visit = { name: 'visit.bpmn', content: readFileSync(new URL('./camunda-extensions.visit.bpmn', import.meta.url), 'utf8') };
const plain = (variables: Variables) => Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));

for (const dialect of dialects()) {
  dialect.describe('Camunda extensions', () => {
    let test: TestEngine;
    before(async () => {
      test = await aTestEngine(dialect);
      await test.deploy(visit);
    });
    after(() => test.close());

    const started = (code: Variables[string] = { ...typed('sesame'), transient: true }) =>
      test.engine.runtime.start({
        definition: { key: 'visit' },
        tenant: TENANT,
        area: AREA,
        businessKey: 'V-1',
        variables: { ...variablesOf({ elder: '王秀英' }), code },
        actor: ACTOR,
      });
    const taskOf = async (instanceId: number) => {
      const [row] = await test.store.read('SELECT id, name, priority, assignee, form_key FROM task WHERE instance_id = ?', [instanceId]);
      assert.ok(row);
      return { id: Number(row['id']), name: row['name'], priority: Number(row['priority']), assignee: row['assignee'], formKey: row['form_key'] };
    };

    describe('when a process has listeners and transient variables', () => {
      it('runs them in the transaction of what they listen to, and stores the transient ones nowhere', async () => {
        const { id, variables } = await started();
        assert.deepEqual(plain(variables), { elder: '王秀英', caller: 'dispatcher', opened: 'V-1', way: 'f1', codeLength: 6 });
        const { name, priority, assignee } = await taskOf(id);
        assert.deepEqual([name, priority, assignee], ['询问 王秀英', 60, null]);
        const written = [...(await test.store.read('SELECT * FROM event WHERE instance_id = ?', [id])), ...(await test.store.read('SELECT * FROM process_instance WHERE id = ?', [id]))];
        const text = written.flatMap((row) => Object.values(row).map(String)).join();
        assert.ok(text.includes('codeLength') && !text.includes('sesame'));
      });

      it('runs a timeout listener by a job, and task listeners when the task is completed', async () => {
        const { id } = await started();
        await test.runJobs();
        const task = await taskOf(id);
        assert.equal(task.assignee, 'escalation');
        const { variables } = await test.engine.tasks.complete(task.id, variablesOf({ answer: '好' }), ACTOR);
        assert.equal(plain(variables)['completedBy'], 'dispatcher');
        await test.engine.runtime.delete(id, null, ACTOR, { skipListeners: true });
      });
    });

    describe('when a variable holds the text of an expression', () => {
      it('stays text wherever it is read', async () => {
        const hostile = "${execution.setVariable('hacked', true)}";
        const { id, variables } = await started(typed(hostile));
        assert.deepEqual([plain(variables)['hacked'], plain(variables)['codeLength']], [undefined, hostile.length]);
        await test.engine.runtime.delete(id, null, ACTOR, { skipListeners: true });
        const other = await test.engine.runtime.start({ definition: { key: 'visit' }, tenant: TENANT, area: AREA, businessKey: hostile, variables: variablesOf({ elder: hostile, code: 'x' }), actor: ACTOR });
        assert.deepEqual([(await taskOf(other.id)).name, plain(other.variables)['opened'], plain(other.variables)['hacked']], [`询问 ${hostile}`, hostile, undefined]);
        await test.engine.runtime.delete(other.id, null, ACTOR, { skipListeners: true });
      });
    });

    describe('when a listener fails', () => {
      it('fails the command that the caller waits for: nothing is changed', async () => {
        await assert.rejects(started(typed(null)), { code: 'EXPRESSION_FAILED', status: 500 });
      });

      it('uses up the tries of a job, then becomes an incident of its element', async () => {
        const { id } = await started();
        await test.engine.tasks.complete((await taskOf(id)).id, {}, ACTOR);
        for (let tries = 0; tries < 3; tries++) await test.runJobs();
        const incidents = await test.store.read('SELECT element, message FROM incident WHERE instance_id = ?', [id]);
        assert.deepEqual(
          incidents.map((row) => [row['element'], row['message']]),
          [['record', "Unknown property used in expression: ${missing}. Cause: Cannot resolve identifier 'missing'"]],
        );
        await test.engine.runtime.delete(id, null, ACTOR, { skipListeners: true });
      });
    });

    describe('when the instance of a failing delete listener is to be deleted', () => {
      it('is deleted only without its listeners', async () => {
        const { id } = await started();
        await assert.rejects(test.engine.runtime.delete(id, null, ACTOR), { code: 'UNKNOWN_VARIABLE', status: 500 });
        await test.engine.runtime.delete(id, null, ACTOR, { skipListeners: true });
        assert.deepEqual(await test.store.read('SELECT id FROM task WHERE instance_id = ?', [id]), []);
      });
    });

    describe('when a task has form data', () => {
      it('opens the form that was made of it', async () => {
        const { id } = await started();
        const { formKey } = await taskOf(id);
        const [form] = await test.store.read('SELECT content FROM form_definition WHERE form_key = ?', [formKey as string]);
        const { schema } = JSON.parse(String(form?.['content'])) as { schema: { properties: object } };
        assert.deepEqual(Object.keys(schema.properties), ['answer']);
      });
    });
  });
}
