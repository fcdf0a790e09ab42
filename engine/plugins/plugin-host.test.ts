import assert from 'node:assert/strict';
import type { JsonObject, ServiceTaskCall } from '#plugins/api.ts';
import { dialects } from '#test/support/dialects.ts';
import { calls, completed, eventually, pluginHostWorld } from '#test/support/plugin-host-world.ts';
import { ACTOR, TENANT } from '#test/support/test-engine.ts';

for (const dialect of dialects()) {
  dialect.describe('plugin host', () => {
    const world = pluginHostWorld(dialect);
    const { host, isAt, variables, incident, taskRow } = world;

    describe('when a task of its plugin is created', () => {
      it('calls the plugin with evaluated options, variables and a key, and completes the task with its output', async () => {
        // given
        const seen: ServiceTaskCall<JsonObject>[] = [];
        host((call) => {
          seen.push(call);
          return Promise.resolve(completed({ id: 7, list: ['a'] }));
        });

        // when
        const { id } = await world.test.start('ask', { name: '王秀英' }, 'WO-1');
        await isAt(id, 'look');

        // then
        assert.deepEqual((await variables(id))['answer'], { id: 7, list: ['a'] });
        const [call] = seen;
        assert.equal(seen.length, 1);
        assert.deepEqual(call?.options, { text: 'Hello 王秀英', size: 2, flags: [true, null, 3] });
        assert.equal(call.variables['name'], '王秀英');
        assert.match(call.idempotencyKey, new RegExp(`^songbai-${TENANT}-${id}-\\d+$`));
        assert.deepEqual(
          [call.attempt, call.tenant, call.businessKey, call.processKey, call.elementId],
          [1, TENANT, 'WO-1', 'ask', 'call'],
        );
      });

      it('is woken at once instead of looking later', async () => {
        host(() => Promise.resolve(completed({})));
        await world.test.start('ask', { name: 'a' }).then(({ id }) => isAt(id, 'look'));
        const startedAt = performance.now();
        for (let i = 0; i < 5; i++) await world.test.start('ask', { name: 'b' }).then(({ id }) => isAt(id, 'look'));
        assert.ok(performance.now() - startedAt < 2_500, `five took ${performance.now() - startedAt} ms, as if each had waited for a look`);
      });

      it('works the same for send tasks, business rule tasks and message events', async () => {
        const seen: unknown[] = [];
        host((call) => {
          seen.push([call.elementId, call.options]);
          return Promise.resolve(completed({ to: '139' }));
        });

        const { id } = await world.test.start('places', { pluginOptions: { text: 'not from the model' } });
        await isAt(id, 'after');

        assert.deepEqual(seen, [
          ['send', { text: 'Hi' }],
          ['rule', {}],
          ['thrown', { text: 'event' }],
        ]);
        assert.equal((await variables(id))['sentTo'], '139');
        assert.equal('pluginResult' in (await variables(id)), false);
      });
    });

    describe('when the plugin throws a BPMN error', () => {
      it('goes on at the boundary event with its message and variables', async () => {
        host(() => Promise.resolve({ kind: 'bpmnError', code: 'BUSY', message: 'line busy', variables: { line: 3 } }));
        const { id } = await world.test.start('ask', { name: 'a' });
        await isAt(id, 'busy');
        const { why, line } = await variables(id);
        assert.deepEqual([why, line], ['line busy', 3]);
      });
    });

    describe('when the plugin fails', () => {
      it('tries again with the same key as often as the model says, then makes an incident', async () => {
        const seen: [number, string][] = [];
        host((call) => {
          seen.push([call.attempt, call.idempotencyKey]);
          return Promise.reject(new Error(`no answer ${seen.length}`));
        });

        const { id } = await world.test.start('ask', { name: 'a' });
        const { message } = await incident(id);

        assert.equal(message, 'no answer 3');
        assert.deepEqual(
          seen.map(([attempt]) => attempt),
          [1, 2, 3],
        );
        assert.equal(new Set(seen.map(([, key]) => key)).size, 1);
      });

      it('makes an incident at once when trying again cannot help, and goes on after somebody gave it retries', async () => {
        let isRepaired = false;
        host(() => Promise.resolve(isRepaired ? completed({}) : { kind: 'failed', message: 'no such number', retry: false }));
        const { id } = await world.test.start('ask', { name: 'a' });
        assert.equal((await incident(id))['message'], 'no such number');

        isRepaired = true;
        await world.test.engine.externalTasks.setRetries(Number((await taskRow(id))?.['id']), 1, ACTOR);

        await isAt(id, 'look');
        assert.equal((await world.test.store.read('SELECT id FROM incident WHERE instance_id = ?', [id])).length, 0);
      });

      it('waits before the next try at least as long as the plugin asks', async () => {
        host(() => Promise.resolve({ kind: 'failed', message: 'slow down', retryAfterMs: 60_000 }));
        const { id } = await world.test.start('ask', { name: 'a' });
        const row = await eventually('a failed try', async () => {
          const found = await taskRow(id);
          return found?.['error_message'] === 'slow down' && found;
        });
        assert.equal(row['retries'], 2);
        assert.ok(Number(row['available_at']) - world.test.store.clock.now() > 50_000);
      });
    });

    describe('when an option turns out wrong at run time', () => {
      it('makes an incident that names it, without calling the plugin', async () => {
        let count = 0;
        const wrong = { name: 'wrong.bpmn', content: calls.content.replace('"Hello ${name}"', '"${name}"') };
        await world.test.deploy(wrong);
        host(() => Promise.resolve(completed({ count: ++count })));

        const { id } = await world.test.start('ask', { name: 42 });

        assert.equal((await incident(id))['message'], 'Expected the options of plugin test to fit its schema, but: /text is no text');
        assert.equal(count, 0);
        await world.test.deploy(calls);
      });
    });

    describe('when the plugin answers nonsense', () => {
      const deep: JsonObject = {};
      for (let at = deep, i = 0; i < 100; i++) at = at['a'] = {};
      for (const [title, answer] of [
        ['nothing', undefined],
        ['an unknown kind', { kind: 'done' }],
        ['a text as output', completed('x' as never)],
        ['output that is too deep', completed(deep)],
        ['a forbidden key', completed(JSON.parse('{"a":{"__proto__":1}}') as JsonObject)],
        ['too much', completed({ text: 'x'.repeat(1_100_000) })],
        ['no JSON', completed({ big: 1n as never })],
      ] as const)
        it(`makes an incident of ${title}`, async () => {
          host(() => Promise.resolve(answer as never));
          const { id } = await world.test.start('ask', { name: 'a' });
          assert.match(String((await incident(id))['message']), /^Expected plugin test to answer an outcome, but /);
        });
    });

    describe('when the step behind the task fails', () => {
      it('fails the task with that message and changes nothing else', async () => {
        host(() => Promise.resolve(completed({})));
        const { id } = await world.test.start('brittle');
        assert.match(String((await incident(id))['message']), /ready/);
        assert.equal((await taskRow(id))?.['retries'], 0);
      });
    });
  });
}
