import assert from 'node:assert/strict';
import type { RequestError } from '#engine/errors.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, AREA, TENANT, aTestEngine, type TestEngine } from '#test/support/test-engine.ts';

const process = (key: string, attributes: string) => ({
  name: `${key}.bpmn`,
  content: `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d-${key}" targetNamespace="t">
  <process id="${key}" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>
    <businessRuleTask id="decide" camunda:decisionRef="level" camunda:resultVariable="level" camunda:mapDecisionResult="singleEntry" ${attributes}/>
    <sequenceFlow id="f2" sourceRef="decide" targetRef="read"/><userTask id="read"/>
  </process>
</definitions>`,
});

const MODEL = 'https://www.omg.org/spec/DMN/20191111/MODEL/';
/** A decision `level` with the value of the decision `base` that it requires. */
const level = (value: string, versionTag = '') => ({
  name: 'level.dmn',
  content: `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="${MODEL}" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="d" namespace="n">
  <decision id="base" name="base"><literalExpression id="l1"><text>"${value}"</text></literalExpression></decision>
  <decision id="level" name="level" ${versionTag && `camunda:versionTag="${versionTag}"`}>
    <informationRequirement id="r"><requiredDecision href="#base"/></informationRequirement>
    <literalExpression id="l2"><text>base</text></literalExpression>
  </decision>
</definitions>`,
});

for (const dialect of dialects()) {
  dialect.describe('decisions of a business rule task', () => {
    let test: TestEngine;
    before(async () => {
      test = await aTestEngine(dialect);
      // given: version 1 and 2 of the shared decision, 1 and 2 of one district's own
      await deploy(null, level('shared 1', 'old'));
      await deploy(null, level('shared 2'));
      await deploy(TENANT, level('own 1', 'old'));
      await deploy(TENANT, level('own 2'), process('bound', 'camunda:decisionRefBinding="deployment"'));
      await deploy(TENANT, level('own 3'));
      await deploy(
        null,
        process('latest', ''),
        process('first', 'camunda:decisionRefBinding="version" camunda:decisionRefVersion="1"'),
        process('tagged', 'camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="old"'),
      );
    });
    after(() => test.close());

    const deploy = (tenant: string | null, ...resources: { name: string; content: string }[]) =>
      test.engine.repository.deploy({
        name: 'test',
        source: null,
        tenant,
        actor: ACTOR,
        locale: 'en',
        resources: resources.map(({ name, content }) => ({ name, content: Buffer.from(content) })),
      });

    async function levelOf(key: string, tenant: string): Promise<unknown> {
      const { id } = await test.engine.runtime.start({
        definition: { key },
        tenant,
        area: tenant === TENANT ? AREA : tenant,
        businessKey: null,
        variables: {},
        actor: ACTOR,
      });
      const rows = await test.store.read(
        `SELECT h.decision_key, h.decision_version, h.record, d.version AS deployed_version, d.deployment_id
         FROM history_decision h JOIN decision_definition d ON d.id = h.decision_id WHERE h.instance_id = ? ORDER BY h.part`,
        [id],
      );
      assert.deepEqual(
        rows.map((row) => row['decision_key']),
        ['level', 'base'],
      );
      const [root, required] = rows as [Record<string, unknown>, Record<string, unknown>];
      // then: the required one is that of the same deployment
      assert.deepEqual([required['deployment_id'], required['decision_version']], [root['deployment_id'], required['deployed_version']]);
      const { outputs } = JSON.parse(String(root['record'])) as { outputs: { level: { value: unknown } }[] };
      return outputs[0]?.level.value;
    }

    const cases: [what: string, key: string, own: string, shared: string][] = [
      ['names none', 'latest', 'own 3', 'shared 2'],
      ['names a version', 'first', 'own 1', 'shared 1'],
      ['names a version tag', 'tagged', 'own 1', 'shared 1'],
    ];
    for (const [what, key, own, shared] of cases) {
      describe(`when the task ${what}`, () => {
        it('takes that of the district', async () => assert.equal(await levelOf(key, TENANT), own));
        it('takes the shared one in a district without', async () => assert.equal(await levelOf(key, '120104'), shared));
      });
    }

    describe('when the task is bound to its deployment', () => {
      it('keeps the decision it was deployed with', async () => assert.equal(await levelOf('bound', TENANT), 'own 2'));
    });

    describe('when a new version is deployed', () => {
      it('is taken by the next task', async () => {
        await deploy('120105', level('first'));
        assert.equal(await levelOf('latest', '120105'), 'first');
        await deploy('120105', level('second'));
        assert.equal(await levelOf('latest', '120105'), 'second');
      });
    });

    describe('when a file imports another of its deployment', () => {
      const library = {
        name: 'library.dmn',
        content: `<definitions xmlns="${MODEL}" id="lib" name="lib" namespace="http://library"><decision id="answer" name="the answer"><literalExpression id="l"><text>"from afar"</text></literalExpression></decision></definitions>`,
      };
      const importing = {
        name: 'level.dmn',
        content: `<definitions xmlns="${MODEL}" id="d" name="d" namespace="n"><import namespace="http://library" name="lib" importType="${MODEL}"/>
<decision id="base" name="base"><informationRequirement id="r1"><requiredDecision href="http://library#answer"/></informationRequirement><literalExpression id="l1"><text>lib.the answer</text></literalExpression></decision>
<decision id="level" name="level"><informationRequirement id="r2"><requiredDecision href="#base"/></informationRequirement><literalExpression id="l2"><text>base</text></literalExpression></decision></definitions>`,
      };

      it('evaluates what it imports', async () => {
        await deploy('120106', library, importing);
        const { id } = await test.engine.runtime.start({
          definition: { key: 'latest' },
          tenant: '120106',
          area: '120106',
          businessKey: null,
          variables: {},
          actor: ACTOR,
        });
        const [row] = await test.store.read('SELECT record FROM history_decision WHERE instance_id = ? AND part = 0', [id]);
        assert.deepEqual(JSON.parse(String(row?.['record'])).outputs, [{ level: { type: 'String', value: 'from afar' } }]);
      });

      it('is refused when the other is missing', async () => {
        await assert.rejects(
          deploy('120107', importing),
          (error: RequestError) => error.code === 'DEPLOYMENT_REFUSED' && /answer/.test(JSON.stringify(error.details)),
        );
      });
    });
  });
}
