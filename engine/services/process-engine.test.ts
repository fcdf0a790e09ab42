import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RequestError } from '#engine/errors.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';

const order = { name: 'order.bpmn', content: readFileSync(new URL('./process-engine.order.bpmn', import.meta.url), 'utf8') };
const failsWith = (code: string) => (error: RequestError) => error.code === code;

for (const dialect of dialects()) {
  dialect.describe('process engine', () => {
    let test: TestEngine;
    before(async () => {
      test = await aTestEngine(dialect);
      await test.deploy(order);
    });
    after(() => test.close());

    const historyOf = async (id: number) => (await test.store.read('SELECT end_state, end_element FROM history_instance WHERE id = ?', [id]))[0];

    describe('when a person claims and completes a task', () => {
      it('goes on to the external task, which a worker completes', async () => {
        // given
        const { id } = await test.start('order', { elder: '王秀英' }, 'WO-1');
        const [task] = await test.tasks(id);
        assert.equal(task?.element, 'accept');

        // when
        await test.engine.tasks.claim(task.id, 'li', ACTOR);
        await assert.rejects(test.engine.tasks.claim(task.id, 'zhao', ACTOR), failsWith('TASK_ALREADY_CLAIMED'));
        const completed = await test.engine.tasks.complete(task.id, variablesOf({ accepted: true }), ACTOR);
        const [locked] = await test.engine.externalTasks.fetchAndLock({ workerId: 'w1', maxTasks: 1, usePriority: true, tenant: TENANT, topics: [{ topicName: 'notify', lockDurationMs: 10_000 }] });

        // then
        assert.equal(completed.ended, false);
        assert.ok(locked);
        assert.equal(locked.businessKey, 'WO-1');
        assert.equal(locked.variables['elder']?.value, '王秀英');
        await assert.rejects(test.engine.externalTasks.complete(locked.id, { workerId: 'w2', variables: {}, localVariables: {} }, ACTOR), failsWith('EXTERNAL_TASK_LOCKED'));
        await test.engine.externalTasks.complete(locked.id, { workerId: 'w1', variables: {}, localVariables: {} }, ACTOR);
        assert.deepEqual({ ...(await historyOf(id)) }, { end_state: 'COMPLETED', end_element: 'end' });
      });

      it('lets nobody complete it twice', async () => {
        const { id } = await test.start('order');
        const [task] = await test.tasks(id);
        assert.ok(task);
        await test.engine.tasks.complete(task.id, variablesOf({ accepted: false }), ACTOR);
        await assert.rejects(test.engine.tasks.complete(task.id, {}, ACTOR), failsWith('NOT_FOUND'));
      });
    });

    describe('when somebody completes a task that went to another person meanwhile', () => {
      it('refuses and changes nothing', async () => {
        const { id } = await test.start('order');
        const [task] = await test.tasks(id);
        assert.ok(task);
        await test.engine.tasks.assign(task.id, 'zhao', ACTOR);
        await assert.rejects(test.engine.tasks.complete(task.id, variablesOf({ accepted: false }), ACTOR, 'li'), failsWith('TASK_NOT_YOURS'));
        assert.equal((await test.tasks(id))[0]?.assignee, 'zhao');
        await test.engine.tasks.complete(task.id, variablesOf({ accepted: false }), ACTOR, 'zhao');
      });
    });

    describe('when two people complete the same task at once', () => {
      it('takes one of them', async () => {
        const { id } = await test.start('order');
        const [task] = await test.tasks(id);
        assert.ok(task);
        const results = await Promise.allSettled([1, 2, 3].map(() => test.engine.tasks.complete(task.id, variablesOf({ accepted: false }), ACTOR)));
        assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected']);
      });
    });

    describe('when a condition fails', () => {
      it('fails the command and changes nothing', async () => {
        const { id } = await test.start('order');
        const [task] = await test.tasks(id);
        assert.ok(task);
        await assert.rejects(test.engine.tasks.complete(task.id, {}, ACTOR), failsWith('UNKNOWN_VARIABLE'));
        assert.equal((await test.tasks(id)).length, 1);
      });
    });

    describe('when the timer is due', () => {
      it('interrupts the task, once', async () => {
        // given
        const { id } = await test.start('order');
        assert.equal(await test.runJobs(), 0);

        // when
        test.store.clock.shift(10 * 60_000 + 1);
        const fired = await test.runJobs();
        test.store.clock.shift(-(10 * 60_000 + 1));

        // then
        assert.ok(fired >= 1);
        assert.deepEqual({ ...(await historyOf(id)) }, { end_state: 'COMPLETED', end_element: 'expired' });
        assert.equal((await test.tasks(id)).length, 0);
      });
    });

    describe('when a message arrives', () => {
      it('reaches the instance with that business key only', async () => {
        const a = await test.start('order', {}, 'WO-A');
        const b = await test.start('order', {}, 'WO-B');
        const message = { message: 'order.cancel', tenant: TENANT, area: null, variables: {}, actor: ACTOR };
        await assert.rejects(test.engine.runtime.correlate(message), failsWith('MISMATCHING_MESSAGE'));
        const [result] = await test.engine.runtime.correlate({ ...message, businessKey: 'WO-A' });
        assert.equal(result?.kind, 'correlated');
        assert.equal((await historyOf(a.id))?.['end_element'], 'cancel');
        assert.equal(await historyOf(b.id), undefined);
      });

      it('is refused when nobody waits', async () => {
        await assert.rejects(test.engine.runtime.correlate({ message: 'unheard.of', tenant: TENANT, area: null, variables: {}, actor: ACTOR }), failsWith('MISMATCHING_MESSAGE'));
      });
    });

    describe('when a start is sent again with its idempotency key', () => {
      it('answers with the first instance', async () => {
        const input = { definition: { key: 'order' }, tenant: TENANT, area: TENANT, businessKey: 'WO-9', variables: {}, actor: ACTOR, idempotencyKey: 'alert-17' };
        const answers = await Promise.all([test.engine.runtime.start(input), test.engine.runtime.start(input)]);
        const again = await test.engine.runtime.start(input);
        assert.equal(new Set([...answers, again].map(({ id }) => id)).size, 1);
      });
    });

    describe('when a process begins with several start events', () => {
      const twoStarts = order.content
        .replaceAll('"order"', '"two-starts"')
        .replace('<bpmn:startEvent id="start">', '<bpmn:startEvent id="by-message"><bpmn:outgoing>f0</bpmn:outgoing><bpmn:messageEventDefinition messageRef="m-cancel" /></bpmn:startEvent><bpmn:sequenceFlow id="f0" sourceRef="by-message" targetRef="accept" /><bpmn:startEvent id="start">');
      const startedAt = async (startMessage: string) => {
        await test.deploy({ name: 'two-starts.bpmn', content: twoStarts });
        const { id } = await test.engine.runtime.start({ definition: { key: 'two-starts' }, tenant: TENANT, area: TENANT, businessKey: null, variables: {}, actor: ACTOR, startMessage });
        return (await test.store.read('SELECT element FROM history_activity WHERE instance_id = ? ORDER BY seq LIMIT 1', [id]))[0]?.['element'];
      };

      it('takes the one of the message', async () => {
        assert.equal(await startedAt('order.cancel'), 'by-message');
      });

      it('takes the none start event when no start event has that message', async () => {
        assert.equal(await startedAt('unheard.of'), 'start');
      });
    });

    describe('when a new version is deployed', () => {
      it('starts new instances on it and leaves running ones', async () => {
        const before = await test.start('order');
        await test.deploy({ ...order, content: order.content.replace('name="受理"', 'name="受理二"') });
        const after = await test.start('order');
        assert.deepEqual([(await test.tasks(before.id))[0]?.name, (await test.tasks(after.id))[0]?.name], ['受理', '受理二']);
      });

      it('refuses a deployment with one bad file as a whole', async () => {
        const versions = await test.store.read('SELECT COUNT(*) AS n FROM process_definition');
        const bad = { name: 'bad.bpmn', content: order.content.replace('camunda:candidateGroups="dispatcher"', 'camunda:formKey="no-such-form"').replaceAll('"order"', '"order2"') };
        await assert.rejects(test.deploy(order, bad), (error: RequestError) => {
          assert.equal(error.code, 'DEPLOYMENT_REFUSED');
          const problems = error.details?.['problems'] as { elementId: string; code: string }[] | undefined;
          assert.deepEqual(problems?.map(({ elementId, code }) => [elementId, code]), [['accept', 'FORM_KEY_UNKNOWN']]);
          return true;
        });
        assert.deepEqual(await test.store.read('SELECT COUNT(*) AS n FROM process_definition'), versions);
      });
    });
  });
}
