import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ElementOf, ExecutableType, ProcessModel } from '#engine/core/model.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { compileProcesses } from './compile-process.ts';

const fixture = (situation: string) => readFileSync(new URL(`compile-process.${situation}.bpmn`, import.meta.url), 'utf8');

async function compileComplete(): Promise<ProcessModel> {
  const { models, problems } = await compileProcesses(fixture('complete'), { checkExpression });
  assert.deepEqual(problems, []);
  return (models[0] as { model: ProcessModel }).model;
}

function element<T extends ExecutableType>(model: ProcessModel, id: string, type: T): ElementOf<T> {
  const found = model.elements[model.indexById[id] ?? -1];
  assert.equal(found?.type, type);
  return found as ElementOf<T>;
}

describe('compileProcesses', () => {
  describe('when the model uses every supported Camunda extension', () => {
    it('reads the process attributes', async () => {
      const model = await compileComplete();
      assert.equal(model.key, 'complete');
      assert.equal(model.versionTag, '1.2');
      assert.equal(model.historyTimeToLive, 'P30D');
      assert.equal(model.startableInTasklist, false);
      assert.deepEqual(model.candidateStarterGroups, ['dispatcher', 'worker']);
      assert.deepEqual(model.candidateStarterUsers, ['wang']);
      assert.deepEqual(model.elements[0]?.properties, {
        'songbai:searchable': 'caseNo',
        'songbai:category': 'work-order',
        documentation: '家政上门',
      });
    });

    it('reads the start form and the initiator', async () => {
      const { models } = await compileProcesses(fixture('complete'));
      assert.equal(models[0]?.startFormKey, 'work-order-intake');
      const model = (models[0] as { model: ProcessModel }).model;
      assert.equal(element(model, 'start', 'bpmn:StartEvent').initiator, 'starter');
    });

    it('maps the user task', async () => {
      const task = element(await compileComplete(), 'dispatch', 'bpmn:UserTask');
      assert.deepEqual(task.assignee, { language: 'juel', source: '${starter}' });
      assert.deepEqual(task.candidateUsers, [
        { language: 'literal', value: 'li' },
        { language: 'juel', source: "${backup.replace('a','b')}" },
      ]);
      assert.deepEqual(task.formRef, {
        key: { language: 'literal', value: 'dispatch-form' },
        binding: { kind: 'version', version: { language: 'literal', value: '2' } },
      });
      assert.deepEqual(task.nameExpression, { language: 'juel', source: '派单 ${caseNo}' });
      assert.deepEqual(task.description, { language: 'literal', value: '选择服务商' });
      assert.deepEqual([task.asyncBefore, task.asyncAfter, task.exclusive], [true, false, false]);
      assert.deepEqual(task.retryWaitsMs, [300_000, 300_000, 300_000, 300_000]);
      assert.deepEqual(task.properties, {
        lane: 'street',
        'songbai:field.phone': 'readonly',
        'songbai:field.provider': 'required',
        documentation: '选择服务商',
      });
    });

    it('maps input and output parameters of every kind', async () => {
      const { inputs, outputs } = element(await compileComplete(), 'dispatch', 'bpmn:UserTask');
      const expression = (value: object) => ({ kind: 'expression', expression: value });
      assert.deepEqual(Object.fromEntries(inputs.map(({ name, value }) => [name, value])), {
        plain: expression({ language: 'literal', value: 'text' }),
        empty: expression({ language: 'juel', source: '${null}' }),
        sum: expression({ language: 'juel', source: '${a + 1}' }),
        script: expression({ language: 'javascript', source: 'a * 2' }),
        list: { kind: 'list', items: [expression({ language: 'literal', value: '1' }), expression({ language: 'juel', source: '${b}' })] },
        map: { kind: 'map', entries: { k: expression({ language: 'literal', value: 'v' }) } },
      });
      assert.deepEqual(outputs, [{ name: 'out', value: expression({ language: 'feel', source: 'plain' }) }]);
    });

    it('maps the external task with its errors and retries', async () => {
      const task = element(await compileComplete(), 'notify', 'bpmn:ServiceTask');
      assert.deepEqual(task.implementation, {
        kind: 'external',
        topic: { language: 'literal', value: 'sms' },
        priority: { language: 'literal', value: '3' },
        errors: [
          {
            code: { language: 'literal', value: 'REFUSED' },
            expression: { language: 'juel', source: "${externalTask.errorMessage == 'x'}" },
          },
        ],
      });
      assert.deepEqual(task.retryWaitsMs, [60_000, 300_000, 900_000]);
    });

    it('maps the call activity and its multi-instance loop', async () => {
      const call = element(await compileComplete(), 'visit', 'bpmn:CallActivity');
      assert.deepEqual(call.binding, { kind: 'versionTag', versionTag: { language: 'literal', value: '2.0' } });
      assert.deepEqual(call.businessKey, { language: 'juel', source: '#{execution.processBusinessKey}' });
      assert.deepEqual(call.in, [
        { kind: 'all', local: false },
        { kind: 'variable', source: 'a', target: 'b', local: false },
        { kind: 'expression', expression: { language: 'juel', source: '${a.b}' }, target: 'c', local: true },
      ]);
      assert.deepEqual(call.out, [{ kind: 'variable', source: 'result', target: 'visitResult', local: false }]);
      assert.deepEqual(call.multiInstance, {
        sequential: true,
        collection: { language: 'literal', value: 'visits' },
        elementVariable: 'visit',
        completionCondition: { language: 'juel', source: '${nrOfCompletedInstances == 2}' },
      });
    });

    it('maps events with messages, errors and timers', async () => {
      const model = await compileComplete();
      assert.deepEqual(element(model, 'done', 'bpmn:IntermediateCatchEvent').event, {
        type: 'message',
        name: { language: 'juel', source: 'visit-done-${caseNo}' },
      });
      assert.deepEqual(element(model, 'refusedEvent', 'bpmn:BoundaryEvent').event, {
        type: 'error',
        code: { language: 'literal', value: 'REFUSED' },
        message: { language: 'literal', value: 'nobody accepted' },
        codeVariable: 'code',
        messageVariable: 'message',
      });
      const reminder = element(model, 'reminder', 'bpmn:BoundaryEvent');
      assert.deepEqual(reminder.event, { type: 'timer', kind: 'cycle', expression: { language: 'literal', value: 'R3/PT10M' } });
      assert.equal(reminder.interrupting, false);
      assert.deepEqual(element(model, 'dispatch', 'bpmn:UserTask').boundaryEvents, [reminder.index]);
    });

    it('maps the languages of conditions', async () => {
      const model = await compileComplete();
      const conditions = model.flows.flatMap((flow) => (flow.condition ? [flow.condition] : []));
      assert.deepEqual(conditions, [
        { language: 'juel', source: "${kind == 'visit'}" },
        { language: 'feel', source: 'kind = "level"' },
        { language: 'javascript', source: "kind === 'count'" },
      ]);
    });

    it('connects scopes, flows and the default flow', async () => {
      const model = await compileComplete();
      const choice = element(model, 'choice', 'bpmn:ExclusiveGateway');
      assert.deepEqual(
        choice.outgoing.map((index) => model.flows[index]?.id),
        ['f3', 'f4', 'f5', 'f6'],
      );
      assert.equal(model.flows[choice.defaultFlow ?? -1]?.id, 'f3');
      const process = element(model, 'complete', 'bpmn:Process');
      assert.deepEqual(process.eventSubProcesses, [model.indexById['onCall']]);
      assert.equal(element(model, 'called', 'bpmn:StartEvent').parent, model.indexById['onCall']);
    });

    it('freezes the model and keeps it JSON', async () => {
      const model = await compileComplete();
      assert.deepEqual(JSON.parse(JSON.stringify(model)), model);
      assert.throws(() => (model.elements as unknown[]).push(null), TypeError);
    });
  });
});
