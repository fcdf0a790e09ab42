import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { aTestEngine, type TestEngine } from '#test/support/test-engine.ts';

const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const timer = (kind: string, text: string) =>
  `<bpmn:timerEventDefinition id="def"><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${kind}></bpmn:timerEventDefinition>`;

/** The timer event `x` in each position; `done` begins when it is due, `host` is what waits beside. */
const positions = {
  intermediate: (definition: string) =>
    `<bpmn:intermediateCatchEvent id="x">${definition}</bpmn:intermediateCatchEvent><bpmn:userTask id="done"/>${flow('s', 'x')}${flow('x', 'done')}`,
  boundary: (definition: string, interrupting = true) =>
    `<bpmn:userTask id="host"/>${flow('s', 'host')}<bpmn:boundaryEvent id="x" attachedToRef="host" cancelActivity="${interrupting}">${definition}</bpmn:boundaryEvent><bpmn:userTask id="done"/>${flow('x', 'done')}`,
  'event sub-process': (definition: string, interrupting = true) =>
    `<bpmn:userTask id="host"/>${flow('s', 'host')}<bpmn:subProcess id="aside" triggeredByEvent="true"><bpmn:startEvent id="x" isInterrupting="${interrupting}">${definition}</bpmn:startEvent><bpmn:userTask id="done"/>${flow('x', 'done')}</bpmn:subProcess>`,
};
const file = (key: string, content: string) => ({
  name: `${key}.bpmn`,
  content: `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t"><bpmn:process id="${key}" isExecutable="true" camunda:historyTimeToLive="P1D"><bpmn:startEvent id="s"/>${content}</bpmn:process></bpmn:definitions>`,
});
const MINUTE = 60_000;

for (const dialect of dialects()) {
  dialect.describe('timer event', () => {
    let test: TestEngine;
    before(async () => void (test = await aTestEngine(dialect)));
    after(() => test.close());

    let lastKey = 0;
    async function begun(content: string, variables: Record<string, unknown> = {}): Promise<number> {
      const key = `timed${++lastKey}`;
      await test.deploy(file(key, content));
      return (await test.start(key, variables)).id;
    }
    const waiting = async (id: number) => (await test.tasks(id)).map(({ element }) => element);
    const later = async (ms: number) => {
      test.store.clock.shift(ms);
      await test.runJobs();
    };

    for (const [position, content] of Object.entries(positions)) {
      describe(`when it is an interrupting ${position}`, () => {
        for (const [kind, text] of [
          ['timeDuration', 'PT10M'],
          ['timeDuration', '${wait}'],
          ['timeDate', '${date}'],
          ['timeCycle', 'R3/PT10M'],
        ] as const) {
          it(`is due once with ${kind} ${text}`, async () => {
            const date = new Date(test.store.clock.now() + 10 * MINUTE).toISOString();
            const id = await begun(content(timer(kind, text)), { wait: 'PT10M', date });
            const before = await waiting(id);
            await later(9 * MINUTE);
            assert.deepEqual(await waiting(id), before);
            await later(2 * MINUTE);
            assert.deepEqual(await waiting(id), ['done']);
            await later(60 * MINUTE);
            assert.deepEqual(await waiting(id), ['done']);
          });
        }
      });
    }

    for (const position of ['boundary', 'event sub-process'] as const) {
      describe(`when it is a non-interrupting ${position}`, () => {
        const content = (definition: string) => positions[position](definition, false);
        it('is due once with a duration', async () => {
          const id = await begun(content(timer('timeDuration', 'PT10M')));
          for (let run = 0; run < 3; run++) await later(11 * MINUTE);
          assert.deepEqual(await waiting(id), ['host', 'done']);
        });

        it('is due as often as its cycle says', async () => {
          const id = await begun(content(timer('timeCycle', 'R2/PT10M')));
          for (let run = 0; run < 4; run++) await later(11 * MINUTE);
          assert.deepEqual(await waiting(id), ['host', 'done', 'done']);
        });

        it('is due at the times of a cron expression', async () => {
          const id = await begun(content(timer('timeCycle', '0 0/10 * * * ?')));
          for (let run = 0; run < 3; run++) await later(10 * MINUTE);
          assert.deepEqual(await waiting(id), ['host', 'done', 'done', 'done']);
        });

        it('ends with what it waits beside', async () => {
          const id = await begun(content(timer('timeCycle', 'R/PT10M')));
          const [host] = await test.tasks(id);
          await test.engine.tasks.complete(host?.id ?? 0, {}, { id: 'li', kind: 'user' });
          await later(60 * MINUTE);
          assert.deepEqual(await test.store.read('SELECT id FROM job WHERE instance_id = ?', [id]), []);
        });
      });
    }
  });
}
