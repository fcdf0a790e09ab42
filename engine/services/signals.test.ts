import assert from 'node:assert/strict';
import type { RequestError } from '#engine/errors.ts';
import { acquireDue } from '#engine/store/job-store.ts';
import { REMEMBER_MS } from '#engine/store/idempotency-store.ts';
import { listRows } from '#engine/store/read-models/filtered-list.ts';
import { jobList } from '#engine/store/read-models/running-lists.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, aTestEngine, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';

const failsWith = (code: string) => (error: RequestError) => error.code === code;

/** A process around `content`, with signal `alarm` and its event definitions. */
const file = (key: string, content: string) => ({
  name: `${key}.bpmn`,
  content: `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d-${key}" targetNamespace="t">
<bpmn:signal id="alarm" name="alarm"/><bpmn:process id="${key}" isExecutable="true" camunda:historyTimeToLive="P30D">${content}</bpmn:process></bpmn:definitions>`,
});
let flows = 0;
const path = (...ids: string[]) =>
  ids
    .slice(1)
    .map((id, at) => `<bpmn:sequenceFlow id="f${++flows}" sourceRef="${ids[at]}" targetRef="${id}"/>`)
    .join('');
const alarm = (extra = '') => `<bpmn:signalEventDefinition id="def${++flows}" signalRef="alarm">${extra}</bpmn:signalEventDefinition>`;

const thrower = file(
  'thrower',
  `<bpmn:startEvent id="s"/><bpmn:endEvent id="throw">${alarm('<bpmn:extensionElements><camunda:in source="x" target="x"/><camunda:in businessKey="${key}"/></bpmn:extensionElements>')}</bpmn:endEvent>${path('s', 'throw')}`,
);
const catcher = file(
  'catcher',
  `<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="wait">${alarm()}</bpmn:intermediateCatchEvent><bpmn:userTask id="after"/>${path('s', 'wait', 'after')}`,
);
const failing = file(
  'failing',
  `<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="wait" >${alarm()}</bpmn:intermediateCatchEvent><bpmn:serviceTask id="broken" camunda:expression="\${missing}"/>${path('s', 'wait', 'broken')}`,
);
const listener = file(
  'listener',
  `<bpmn:startEvent id="s"/><bpmn:userTask id="host"/><bpmn:boundaryEvent id="edge" attachedToRef="host" cancelActivity="false">${alarm()}</bpmn:boundaryEvent><bpmn:userTask id="aside"/>${path('s', 'host')}${path('edge', 'aside')}`,
);
const starting = file('starting', `<bpmn:startEvent id="s">${alarm()}</bpmn:startEvent><bpmn:userTask id="begun"/>${path('s', 'begun')}`);

for (const dialect of dialects()) {
  dialect.describe('signals', () => {
    let test: TestEngine;
    beforeEach(async () => {
      test = await aTestEngine(dialect);
    });
    afterEach(() => test.close());

    /** The job of a signal that was given up, as `GET /job` shows it. */
    const givenUp = async () => {
      const scope = { tenant: TENANT, areas: [TENANT] };
      return (await test.store.query(listRows(jobList, { scope, filter: { noRetriesLeft: true }, sort: [], offset: 0, limit: 10 })))[0];
    };
    const incidents = async () => (await test.store.read('SELECT kind, source_id, message FROM incident')).map((row) => ({ ...row }));
    const outbox = () => test.store.read('SELECT id, retries, available_at FROM outbox');
    const elementsOf = async (id: number) => (await test.tasks(id)).map(({ element }) => element);
    const send = (tenant = TENANT) => test.engine.runtime.signal({ name: 'alarm', tenant, variables: variablesOf({ x: 5 }), actor: ACTOR });

    describe('when an instance throws one', () => {
      it('comes to other instances with its payload, and starts the process that begins with it', async () => {
        await test.deploy(thrower, catcher, starting);
        const waiting = await test.start('catcher');
        await test.start('thrower', { x: 7, key: 'WO-7' });
        assert.deepEqual(await elementsOf(waiting.id), [], 'it leaves by the outbox');
        assert.equal((await outbox()).length, 1);
        await test.runJobs();
        assert.deepEqual([await elementsOf(waiting.id), (await outbox()).length], [['after'], 0]);
        const [begun] = await test.store.read("SELECT instance_id FROM task WHERE element = 'begun'");
        const [instance] = await test.store.read('SELECT business_key, tenant, area FROM process_instance WHERE id = ?', [
          Number(begun?.['instance_id']),
        ]);
        assert.deepEqual({ ...instance }, { business_key: 'WO-7', tenant: TENANT, area: AREA });
      });

      it('does not come to who begins to wait after it', async () => {
        await test.deploy(thrower, catcher);
        await test.start('thrower', { x: 7, key: null });
        const late = await test.start('catcher');
        await test.runJobs();
        assert.deepEqual(await elementsOf(late.id), []);
      });

      it('comes by itself, woken by the commit', async () => {
        await test.deploy(thrower, catcher);
        const waiting = await test.start('catcher');
        test.jobs.start();
        await test.start('thrower', { x: 7, key: null });
        const end = Date.now() + 10_000;
        while ((await elementsOf(waiting.id)).length === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
        assert.deepEqual(await elementsOf(waiting.id), ['after']);
      });
    });

    describe('when a catcher fails', () => {
      it('does not stop the others and tries again by a job of its own, until it is an incident', async () => {
        await test.deploy(failing, catcher);
        const broken = await test.start('failing');
        const fine = await test.start('catcher');
        await send();
        assert.deepEqual(await elementsOf(fine.id), ['after']);
        const [job] = await test.store.read('SELECT kind, retries FROM job WHERE instance_id = ?', [broken.id]);
        assert.deepEqual({ ...job }, { kind: 'deliver-signal', retries: 3 });
        await test.runJobs();
        const [incident] = await test.store.read('SELECT kind, message FROM incident WHERE instance_id = ?', [broken.id]);
        assert.equal(incident?.['kind'], 'failedJob');
        assert.match(String(incident?.['message']), /missing/);
        await test.engine.runtime.setVariables(broken.id, { set: variablesOf({ missing: 1 }), remove: [] }, ACTOR);
        const [again] = await test.store.read('SELECT id FROM job WHERE instance_id = ?', [broken.id]);
        await test.engine.management.setJobRetries(Number(again?.['id']), 1, ACTOR);
        await test.runJobs();
        assert.equal((await test.store.read('SELECT id FROM history_instance WHERE id = ?', [broken.id])).length, 1);
      });
    });

    describe('when a process does not start by it', () => {
      const broken = file(
        'broken',
        `<bpmn:startEvent id="s">${alarm()}</bpmn:startEvent><bpmn:serviceTask id="x" camunda:expression="\${missing}"/>${path('s', 'x')}`,
      );
      const mended = file('broken', `<bpmn:startEvent id="s">${alarm()}</bpmn:startEvent><bpmn:userTask id="y"/>${path('s', 'y')}`);
      const tryThreeTimes = async () => {
        await send();
        for (const _ of [2, 3]) {
          test.store.clock.shift(61_000);
          await test.runJobs();
        }
      };

      it('serves all others, tries again later and then waits for a person among the failed jobs', async () => {
        await test.deploy(broken, catcher, starting);
        const fine = await test.start('catcher');
        await send();
        assert.deepEqual(await elementsOf(fine.id), ['after']);
        const begun = () => test.store.read("SELECT id FROM task WHERE element = 'begun'");
        assert.equal((await begun()).length, 1);
        for (const left of [2, 1]) {
          const [row] = await outbox();
          assert.deepEqual([row?.['retries'], row?.['available_at'] === null], [left, false]);
          test.store.clock.shift(61_000);
          await test.runJobs();
        }
        assert.deepEqual(await outbox(), []);
        const job = await givenUp();
        assert.match(String(job?.['error']), /missing/);
        assert.deepEqual([job?.['kind'], job?.['area']], ['given-up-signal', TENANT]);
        assert.deepEqual(await incidents(), [{ kind: 'failedJob', source_id: job?.id, message: job?.['error'] }]);
        assert.equal((await begun()).length, 1, 'the other process started once');
      });

      it('comes to that process alone when a person has mended it and sets the retries', async () => {
        // given
        await test.deploy(broken, listener, starting);
        const served = await test.start('listener');
        await tryThreeTimes();
        await test.deploy(mended, starting);
        // when: after the time for which served targets are remembered, with a new version of a process that was served
        test.store.clock.shift(REMEMBER_MS * 2);
        await test.engine.management.setJobRetries(Number((await givenUp())?.id), 1, ACTOR);
        await test.runJobs();
        // then
        const starts = await test.store.read("SELECT element, COUNT(*) AS n FROM task WHERE element IN ('begun', 'y') GROUP BY element ORDER BY element");
        assert.deepEqual(
          starts.map(({ element, n }) => `${String(element)} ${Number(n)}`),
          ['begun 1', 'y 1'],
        );
        assert.deepEqual(await elementsOf(served.id), ['host', 'aside']);
        assert.deepEqual([await outbox(), await givenUp(), await incidents()], [[], undefined, []]);
      });

      it('is a failed job again when it fails again', async () => {
        await test.deploy(broken);
        await tryThreeTimes();
        const id = (await givenUp())?.id;
        await test.engine.management.setJobRetries(Number(id), 1, ACTOR);
        assert.deepEqual(await incidents(), []);
        for (const _ of [1, 2, 3]) {
          await test.runJobs();
          test.store.clock.shift(61_000);
        }
        assert.deepEqual([(await givenUp())?.id, (await incidents()).length], [id, 1]);
      });

      it('can be run at once, or forgotten', async () => {
        await test.deploy(broken);
        await tryThreeTimes();
        await test.engine.management.executeJob(Number((await givenUp())?.id), ACTOR);
        assert.deepEqual([(await outbox()).length, await givenUp(), await incidents()], [1, undefined, []]);
        for (const _ of [1, 2, 3]) {
          await test.runJobs();
          test.store.clock.shift(61_000);
        }
        await test.engine.management.deleteJob(Number((await givenUp())?.id), ACTOR);
        assert.deepEqual([await outbox(), await givenUp(), await incidents()], [[], undefined, []]);
      });
    });

    describe('when two catchers of one instance get it and one fails', () => {
      it('serves the other', async () => {
        const both = file(
          'both',
          `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:intermediateCatchEvent id="a">${alarm()}</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="b">${alarm()}</bpmn:intermediateCatchEvent><bpmn:userTask id="after"/><bpmn:serviceTask id="x" camunda:expression="\${missing}"/>${path('s', 'fork', 'a', 'x')}${path('fork', 'b', 'after')}`,
        );
        await test.deploy(both);
        const { id } = await test.start('both');
        await send();
        assert.deepEqual(await elementsOf(id), ['after']);
        const jobs = await test.store.read('SELECT kind, element FROM job WHERE instance_id = ?', [id]);
        assert.deepEqual(
          jobs.map(({ kind, element }) => [kind, element]),
          [['deliver-signal', 'a']],
        );
      });
    });

    describe('when the node dies in the middle', () => {
      it('comes to each catcher once', async () => {
        // given: two catchers that stay open, and a node that dies after it has served them but before the outbox row is gone
        await test.deploy(thrower, listener, starting);
        const [one, two] = [await test.start('listener'), await test.start('listener')];
        await test.start('thrower', { x: 7, key: null });
        const [job] = await acquireDue(test.store, { limit: 10, leaseMs: 30_000 });
        assert.ok(job);
        const before = await test.store.read('SELECT * FROM outbox');
        await test.engine.management.executeLeased(job);
        await test.store.batcher.run({ key: null, name: 'undo' }, function* (writes) {
          for (const row of before) writes.insert('outbox', { ...row, lock_owner: null, available_at: 0 });
        });
        // when
        await test.runJobs();
        // then
        assert.deepEqual(
          [await elementsOf(one.id), await elementsOf(two.id)],
          [
            ['host', 'aside'],
            ['host', 'aside'],
          ],
        );
        assert.equal((await test.store.read("SELECT id FROM task WHERE element = 'begun'")).length, 1);
        assert.equal((await outbox()).length, 0);
      });

      it('is not left with a node that no longer has its lease', async () => {
        await test.deploy(thrower, catcher);
        const waiting = await test.start('catcher');
        await test.start('thrower', { x: 7, key: null });
        const [job] = await acquireDue(test.store, { limit: 10, leaseMs: 30_000 });
        assert.ok(job);
        await test.engine.management.executeLeased({ ...job, leasedUntil: job.leasedUntil - 1 });
        assert.deepEqual(await elementsOf(waiting.id), []);
        await test.engine.management.executeLeased(job);
        assert.deepEqual(await elementsOf(waiting.id), ['after']);
      });
    });

    describe('when it is sent from outside', () => {
      it('has come to all when the answer is there', async () => {
        await test.deploy(catcher, listener);
        const [a, b] = [await test.start('catcher'), await test.start('listener')];
        await send();
        assert.deepEqual([await elementsOf(a.id), await elementsOf(b.id)], [['after'], ['host', 'aside']]);
        assert.equal((await outbox()).length, 0);
      });

      it('stays in its district', async () => {
        await test.deploy(catcher);
        const { id } = await test.start('catcher');
        await send('330102');
        assert.deepEqual(await elementsOf(id), []);
      });

      it('stays in the area that it was sent to', async () => {
        await test.deploy(catcher, starting);
        const { id } = await test.start('catcher');
        const sendTo = (area: string) => test.engine.runtime.signal({ name: 'alarm', tenant: TENANT, area, variables: {}, actor: ACTOR });
        await sendTo('120103/120103001');
        assert.deepEqual(await elementsOf(id), []);
        await sendTo('120103/120103008');
        assert.deepEqual(await elementsOf(id), ['after']);
        const areas = (
          await test.store.read(
            'SELECT p.area FROM task t JOIN process_instance p ON p.id = t.instance_id WHERE t.element = ? ORDER BY t.id',
            ['begun'],
          )
        ).map(({ area }) => area);
        assert.deepEqual(areas, ['120103/120103001', '120103/120103008']);
      });

      it('goes to one execution only, or is refused when that one does not wait for it', async () => {
        await test.deploy(catcher);
        const [a, b] = [await test.start('catcher'), await test.start('catcher')];
        const [row] = await test.store.read('SELECT element_instance FROM subscription WHERE instance_id = ?', [a.id]);
        const executionId = Number(row?.['element_instance']);
        const toOne = (name: string) => test.engine.runtime.signal({ name, tenant: TENANT, variables: {}, executionId, actor: ACTOR });
        await assert.rejects(toOne('other'), failsWith('NOT_FOUND'));
        await toOne('alarm');
        assert.deepEqual([await elementsOf(a.id), await elementsOf(b.id)], [['after'], []]);
      });
    });

    describe('when a process that it starts throws it again at once', () => {
      it('is given up after a hundred rounds', async () => {
        const loop = file(
          'loop',
          `<bpmn:startEvent id="s">${alarm()}</bpmn:startEvent><bpmn:endEvent id="again">${alarm()}</bpmn:endEvent>${path('s', 'again')}`,
        );
        await test.deploy(loop);
        await send();
        await test.runJobs();
        assert.equal((await test.store.read('SELECT id FROM history_instance')).length, 100);
        assert.deepEqual(await outbox(), []);
        const job = await givenUp();
        assert.equal(job?.['error'], 'Expected a signal that ends, but 100 led to this one without a step between them');
        await test.engine.management.setJobRetries(Number(job?.id), 1, ACTOR);
        await test.runJobs();
        assert.equal((await test.store.read('SELECT id FROM history_instance')).length, 200, 'whoever tries again gets as many rounds');
        assert.equal((await incidents()).length, 1);
      });
    });

    describe('when many wait for it', () => {
      it('comes to all of them, page by page', async () => {
        await test.deploy(catcher);
        await Promise.all(Array.from({ length: 250 }, () => test.start('catcher')));
        await send();
        assert.equal((await test.store.read("SELECT id FROM task WHERE element = 'after'")).length, 250);
        assert.equal((await test.store.read("SELECT id FROM subscription WHERE kind = 'signal'")).length, 0);
      });
    });
  });
}
