import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RequestError } from '#engine/errors.ts';
import type { DeploymentProblem } from '#engine/services/contract.ts';
import { dialects } from '#test/support/dialects.ts';
import { aTestEngine, type TestEngine } from '#test/support/test-engine.ts';

const order = readFileSync(new URL('./process-engine.order.bpmn', import.meta.url), 'utf8');
const lost = order.replace('</bpmn:process>', '<bpmn:task id="lost" /></bpmn:process>');

for (const dialect of dialects()) {
  dialect.describe('repository service', () => {
    let test: TestEngine;
    before(async () => {
      test = await aTestEngine(dialect);
    });
    after(() => test.close());

    describe('when a model is deployed', () => {
      it('gives its XML back byte for byte', async () => {
        const content = order.replaceAll('\n', '\r\n').replace('<bpmn:process', '<!-- 松柏 &amp; "quotes" -->\t <bpmn:process');
        const { processDefinitions } = await test.deploy({ name: 'order.bpmn', content });
        assert.equal(await test.engine.repository.xml(processDefinitions[0]?.id as number), content);
      });
    });

    describe('when a model has warnings', () => {
      it('deploys it and lists them', async () => {
        const { processDefinitions, warnings } = await test.deploy({ name: 'lost.bpmn', content: lost });
        assert.equal(processDefinitions.length, 1);
        assert.deepEqual(
          warnings.map(({ resource, elementId, code, severity }) => [resource, elementId, code, severity]),
          [
            ['lost.bpmn', 'lost', 'ELEMENT_ENDS', 'warning'],
            ['lost.bpmn', 'lost', 'ELEMENT_UNREACHABLE', 'warning'],
          ],
        );
      });

      it('lists them after the errors when it refuses the deployment', async () => {
        const content = lost.replace('</bpmn:process>', '<bpmn:callActivity id="nothing" /></bpmn:process>');
        await assert.rejects(test.deploy({ name: 'bad.bpmn', content }), (error: RequestError) => {
          const problems = error.details?.['problems'] as DeploymentProblem[];
          assert.equal(problems[0]?.code, 'CALLED_ELEMENT_MISSING');
          assert.ok(problems.slice(1).some(({ code, severity }) => code === 'ELEMENT_UNREACHABLE' && severity === 'warning'));
          return true;
        });
      });
    });

    describe('when a model imports another', () => {
      const importing = order.replace(
        '<bpmn:message ',
        '<bpmn:import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="other.bpmn" namespace="u" /><bpmn:message ',
      );

      it('looks among the files of the deployment', async () => {
        const other = {
          name: 'other.bpmn',
          content: order.replaceAll('"order"', '"other"').replace(/targetNamespace="[^"]*"/, 'targetNamespace="u"'),
        };
        assert.deepEqual((await test.deploy({ name: 'order.bpmn', content: importing }, other)).warnings, []);
        const alone = await test.deploy({ name: 'order.bpmn', content: importing });
        assert.deepEqual(
          alone.warnings.map(({ code }) => code),
          ['IMPORT_MISSING'],
        );
      });
    });
  });
}
