import assert from 'node:assert/strict';
import type { Element, ProcessModel } from '#engine/core/model.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { compileProcesses } from './compile-process.ts';

const namespaces = {
  camunda: 'http://camunda.org/schema/1.0/bpmn',
  operaton: 'http://operaton.org/schema/1.0/bpmn',
} as const;

async function compiled(prefix: keyof typeof namespaces = 'camunda'): Promise<ProcessModel> {
  const listeners = (body: string) => `<bpmn:extensionElements>${body}</bpmn:extensionElements>`;
  const xml = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="${namespaces.camunda}" targetNamespace="t">
    <bpmn:process id="p" isExecutable="true">
      ${listeners('<camunda:executionListener event="start" expression="${execution.setVariable(\'a\', 1)}"/>')}
      <bpmn:startEvent id="s"/>
      <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t">
        ${listeners('<camunda:executionListener event="take" expression="${a}"/>')}
      </bpmn:sequenceFlow>
      <bpmn:userTask id="t">${listeners(`
        <camunda:executionListener event="end"><camunda:script scriptFormat="javascript">execution.setVariable('b', 1)</camunda:script></camunda:executionListener>
        <camunda:taskListener event="create" expression="\${task.setPriority(80)}"/>
        <camunda:taskListener event="timeout" id="l" expression="#{task.setAssignee('li')}">
          <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
        </camunda:taskListener>`)}
      </bpmn:userTask>
      <bpmn:sequenceFlow id="g" sourceRef="t" targetRef="e"/>
      <bpmn:endEvent id="e"/>
    </bpmn:process>
  </bpmn:definitions>`;
  const written = prefix === 'camunda' ? xml : xml.replaceAll('camunda:', `${prefix}:`).replace(`xmlns:camunda="${namespaces.camunda}"`, `xmlns:${prefix}="${namespaces[prefix]}"`);
  const { models, problems } = await compileProcesses(written, { checkExpression });
  assert.deepEqual(problems, []);
  return (models[0] as { model: ProcessModel }).model;
}

const juel = (source: string) => ({ language: 'juel', source });

describe('listeners of a model', () => {
  for (const prefix of ['camunda', 'operaton'] as const) {
    describe(`when they are written in the namespace of ${prefix}`, () => {
      it('are part of what they listen to', async () => {
        const model = await compiled(prefix);
        const at = (id: string) => model.elements[model.indexById[id] ?? -1] as Element & { taskListeners?: unknown };
        assert.deepEqual(model.elements[0]?.listeners, [{ event: 'start', expression: juel("${execution.setVariable('a', 1)}") }]);
        assert.deepEqual(model.flows[0]?.listeners, [juel('${a}')]);
        assert.deepEqual(at('t').listeners, [
          { event: 'end', expression: { language: 'javascript', source: "execution.setVariable('b', 1)" } },
        ]);
        assert.deepEqual(at('t').taskListeners, [
          { event: 'create', expression: juel('${task.setPriority(80)}') },
          {
            event: 'timeout',
            expression: juel("#{task.setAssignee('li')}"),
            timer: { kind: 'duration', expression: { language: 'literal', value: 'PT1H' } },
          },
        ]);
      });
    });
  }

  describe('when there are none', () => {
    it('leaves no trace', async () => {
      const model = await compiled();
      const end = model.elements[model.indexById['e'] ?? -1];
      assert.ok(end && !('listeners' in end) && !('listeners' in (model.flows[1] ?? {})));
    });
  });
});
