import assert from 'node:assert/strict';
import { saveArea } from '#engine/store/area-store.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, TENANT, type TestEngine } from '#test/support/test-engine.ts';

const process = (key: string, timer: string, task = '巡查') => ({
  name: `${key}.bpmn`,
  content: `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="https://songbai.example/test">
  <bpmn:process id="${key}" isExecutable="true">
    <bpmn:startEvent id="nightly"><bpmn:outgoing>f1</bpmn:outgoing><bpmn:timerEventDefinition>${timer}</bpmn:timerEventDefinition></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="nightly" targetRef="check" />
    <bpmn:userTask id="check" name="${task}"><bpmn:incoming>f1</bpmn:incoming></bpmn:userTask>
  </bpmn:process>
</bpmn:definitions>`,
});
const MINUTE = 60_000;

for (const dialect of dialects()) {
  dialect.describe('timer start event', () => {
    let test: TestEngine;
    beforeEach(async () => void (test = await aTestEngine(dialect)));
    afterEach(() => test.close());

    const started = async (name = '巡查') => (await test.store.read('SELECT tenant FROM task WHERE name = ? ORDER BY tenant', [name])).map((row) => String(row['tenant']));
    const later = async (ms: number) => {
      test.store.clock.shift(ms);
      await test.runJobs();
    };

    describe('when its time comes', () => {
      it('starts the process once', async () => {
        await test.deploy(process('patrol', '<bpmn:timeDuration>PT10M</bpmn:timeDuration>'));
        await later(9 * MINUTE);
        assert.deepEqual(await started(), []);
        await later(2 * MINUTE);
        await later(60 * MINUTE);
        assert.deepEqual(await started(), [TENANT]);
      });

      it('starts as often as its cycle says', async () => {
        await test.deploy(process('patrol', '<bpmn:timeCycle>R2/PT10M</bpmn:timeCycle>'));
        for (let run = 0; run < 4; run++) await later(10 * MINUTE + 1);
        assert.deepEqual(await started(), [TENANT, TENANT]);
      });
    });

    describe('when a new version is deployed', () => {
      it('leaves the timer of the version before', async () => {
        await test.deploy(process('patrol', '<bpmn:timeCycle>R/PT10M</bpmn:timeCycle>', '旧版'));
        await test.deploy(process('patrol', '<bpmn:timeCycle>R/PT30M</bpmn:timeCycle>', '新版'));
        await later(31 * MINUTE);
        assert.deepEqual([await started('旧版'), await started('新版')], [[], [TENANT]]);
      });
    });

    describe('when the content is shared', () => {
      it('starts once in each district that has no version of its own', async () => {
        // given
        await test.store.batcher.run({ key: 'areas', name: 'areas' }, function* (writes) {
          for (const tenant of ['120103', '120104', '120105']) saveArea(writes, { tenant, code: tenant, parent: null, path: tenant, name: tenant, level: 1 });
        });
        const { name, content } = process('patrol', '<bpmn:timeDuration>PT10M</bpmn:timeDuration>');
        await test.engine.repository.deploy({ name: 'shared', source: null, tenant: null, actor: ACTOR, resources: [{ name, content: Buffer.from(content) }] });
        await test.deploy(process('patrol', '<bpmn:timeDuration>PT99M</bpmn:timeDuration>', '本区'));
        // when
        await later(11 * MINUTE);
        // then
        assert.deepEqual(await started(), ['120104', '120105']);
      });
    });
  });
}
