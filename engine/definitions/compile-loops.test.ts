import assert from 'node:assert/strict';
import type { Element } from '#engine/core/model.ts';
import { compileProcesses } from './compile-process.ts';

/** A process that has the element `x` between a start and an end. */
const aroundX = (
  element: string,
) => `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    xmlns:songbai="https://songbai.example/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
    <bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/>${element}<bpmn:endEvent id="e"/>
    <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="x"/><bpmn:sequenceFlow id="g" sourceRef="x" targetRef="e"/></bpmn:process></bpmn:definitions>`;

async function compiled(element: string): Promise<Element> {
  const { models, problems } = await compileProcesses(aroundX(element));
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  const model = models[0]?.model;
  return model?.elements[model.indexById['x'] ?? -1] as Element;
}
const loop = async (characteristics: string) => {
  const { multiInstance, standardLoop } = await compiled(`<bpmn:userTask id="x">${characteristics}</bpmn:userTask>`);
  return multiInstance ?? standardLoop;
};
const formal = (name: string, text: string) => `<bpmn:${name} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${name}>`;
const juel = (source: string) => ({ language: 'juel', source });
const literal = (value: string) => ({ language: 'literal', value });

describe('a compiled loop', () => {
  describe('when it is a standard loop', () => {
    it('has its condition, its maximum and when the condition is asked', async () => {
      const inside = formal('loopCondition', '${open}');
      assert.deepEqual(
        await loop(`<bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="5">${inside}</bpmn:standardLoopCharacteristics>`),
        {
          testBefore: true,
          condition: juel('${open}'),
          maximum: 5,
        },
      );
      assert.deepEqual(await loop('<bpmn:standardLoopCharacteristics loopMaximum="2"/>'), { testBefore: false, maximum: 2 });
    });
  });

  describe('when it is a multi-instance', () => {
    it('has the async continuations of its items', async () => {
      assert.deepEqual(
        await loop(
          '<bpmn:multiInstanceLoopCharacteristics camunda:collection="elders" camunda:asyncBefore="true" camunda:asyncAfter="true"/>',
        ),
        { sequential: false, collection: literal('elders'), asyncBefore: true, asyncAfter: true },
      );
    });

    it('warns when events shall be thrown as its items end', async () => {
      const element =
        '<bpmn:userTask id="x"><bpmn:multiInstanceLoopCharacteristics camunda:collection="elders" behavior="None"/></bpmn:userTask>';
      const { models, problems } = await compileProcesses(aroundX(element));
      assert.equal(models.length, 1);
      assert.ok(problems.some(({ code, severity }) => code === 'LOOP_BEHAVIOR' && severity === 'warning'));
    });

    it('has its output', async () => {
      assert.deepEqual(
        await loop(
          '<bpmn:multiInstanceLoopCharacteristics camunda:collection="elders" songbai:outputCollection="all" songbai:outputElement="${answer}"/>',
        ),
        { sequential: false, collection: literal('elders'), output: { collection: 'all', element: juel('${answer}') } },
      );
    });

    it('has the output of BPMN', async () => {
      const data = `<bpmn:ioSpecification><bpmn:dataInput id="elders"/><bpmn:dataOutput id="all"/><bpmn:inputSet><bpmn:dataInputRefs>elders</bpmn:dataInputRefs></bpmn:inputSet>
        <bpmn:outputSet><bpmn:dataOutputRefs>all</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>`;
      const refs = `<bpmn:loopDataInputRef>elders</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>all</bpmn:loopDataOutputRef>
        <bpmn:inputDataItem id="in" name="elder"/><bpmn:outputDataItem id="out" name="answer"/>`;
      assert.deepEqual(await loop(`${data}<bpmn:multiInstanceLoopCharacteristics>${refs}</bpmn:multiInstanceLoopCharacteristics>`), {
        sequential: false,
        collection: literal('elders'),
        elementVariable: 'elder',
        output: { collection: 'all', element: literal('answer') },
      });
    });
  });
});

describe('a compiled ad-hoc sub-process', () => {
  it('has its order, its condition and what begins in it', async () => {
    const attributes = 'ordering="Sequential" cancelRemainingInstances="false" songbai:activeElements="${plan}"';
    const element = await compiled(
      `<bpmn:adHocSubProcess id="x" ${attributes}><bpmn:userTask id="a"/>${formal('completionCondition', '${enough}')}</bpmn:adHocSubProcess>`,
    );
    assert.ok(element.type === 'bpmn:AdHocSubProcess');
    const { sequential, cancelRemaining, completionCondition, activeElements } = element;
    assert.deepEqual([sequential, cancelRemaining, completionCondition, activeElements], [true, false, juel('${enough}'), juel('${plan}')]);
    assert.equal(element.children.length, 1);
  });

  it('is parallel and cancels what remains, if nothing is said', async () => {
    const element = await compiled(
      '<bpmn:adHocSubProcess id="x" songbai:activeElements="a"><bpmn:userTask id="a"/></bpmn:adHocSubProcess>',
    );
    assert.ok(element.type === 'bpmn:AdHocSubProcess');
    assert.deepEqual([element.sequential, element.cancelRemaining, element.activeElements], [false, true, literal('a')]);
  });
});
