import assert from 'node:assert/strict';
import type { Element, ElementOf, ProcessModel } from '#engine/core/model.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { compileProcesses } from './compile-process.ts';

const header =
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t"';

const compile = (body: string, { root = '', process = '', namespaces = '' } = {}) =>
  compileProcesses(`<bpmn:definitions ${header} ${namespaces}>${root}<bpmn:process id="p" isExecutable="true" ${process}>${body}</bpmn:process></bpmn:definitions>`, {
    checkExpression,
  });

/** One element between start and end. */
const between = (element: string, id = 'x') =>
  `<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="${id}"/>${element}<bpmn:sequenceFlow id="g" sourceRef="${id}" targetRef="e"/><bpmn:endEvent id="e"/>`;
const extension = (body: string) => `<bpmn:extensionElements>${body}</bpmn:extensionElements>`;

async function compiled(body: string, parts: Parameters<typeof compile>[1] = {}): Promise<ProcessModel> {
  const { models, problems } = await compile(body, parts);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  return (models[0] as { model: ProcessModel }).model;
}

async function x<T extends Element['type']>(body: string, type: T, parts: Parameters<typeof compile>[1] = {}) {
  const model = await compiled(between(body), parts);
  const element = model.elements[model.indexById['x'] ?? -1];
  assert.equal(element?.type, type);
  return element as ElementOf<T>;
}

const literal = (value: string) => ({ language: 'literal', value });
const juel = (source: string) => ({ language: 'juel', source });

describe('Camunda extensions of a model', () => {
  describe('when an element says how its jobs run', () => {
    it('takes the old spelling of asyncBefore, the priority of the process and its own', async () => {
      const own = await x('<bpmn:task id="x" camunda:async="true" camunda:exclusive="false" camunda:jobPriority="${p}"/>', 'bpmn:Task');
      assert.deepEqual([own.asyncBefore, own.asyncAfter, own.exclusive, own.jobPriority], [true, false, false, juel('${p}')]);
      const inherited = await x('<bpmn:task id="x"/>', 'bpmn:Task', { process: 'camunda:jobPriority="7"' });
      assert.deepEqual([inherited.exclusive, inherited.jobPriority], [true, literal('7')]);
    });

    it('takes a retry cycle and a list of waits', async () => {
      for (const [cycle, waits] of [
        ['R3/PT1M', [60_000, 60_000]],
        ['PT1M,PT5M', [60_000, 300_000]],
      ] as const) {
        const task = await x(
          `<bpmn:task id="x">${extension(`<camunda:failedJobRetryTimeCycle>${cycle}</camunda:failedJobRetryTimeCycle>`)}</bpmn:task>`,
          'bpmn:Task',
        );
        assert.deepEqual(task.retryWaitsMs, waits);
      }
    });
  });

  describe('when an external task has a priority', () => {
    it('takes its own, else that of the process', async () => {
      const external = 'camunda:type="external" camunda:topic="t"';
      const own = await x(`<bpmn:serviceTask id="x" ${external} camunda:taskPriority="\${p}"/>`, 'bpmn:ServiceTask', {
        process: 'camunda:taskPriority="3"',
      });
      const inherited = await x(`<bpmn:serviceTask id="x" ${external}/>`, 'bpmn:ServiceTask', { process: 'camunda:taskPriority="3"' });
      const priorities = [own, inherited].map(({ implementation }) => implementation?.kind === 'external' && implementation.priority);
      assert.deepEqual(priorities, [juel('${p}'), literal('3')]);
    });
  });

  describe('when a call activity hands variables over', () => {
    it('takes all, one, an expression, local ones and a business key', async () => {
      const call = await x(
        `<bpmn:callActivity id="x" calledElement="q" camunda:calledElementBinding="version" camunda:calledElementVersion="3" camunda:calledElementTenantId="t">${extension(
          `<camunda:in variables="all" local="true"/><camunda:in source="a" target="b"/><camunda:in sourceExpression="\${a + 1}" target="c"/>
           <camunda:in businessKey="#{execution.processBusinessKey}"/><camunda:out source="r" target="s" local="true"/><camunda:out variables="all"/>`,
        )}</bpmn:callActivity>`,
        'bpmn:CallActivity',
      );
      assert.deepEqual(call.in, [
        { kind: 'all', local: true },
        { kind: 'variable', source: 'a', target: 'b', local: false },
        { kind: 'expression', expression: juel('${a + 1}'), target: 'c', local: false },
      ]);
      assert.deepEqual(call.out, [
        { kind: 'variable', source: 'r', target: 's', local: true },
        { kind: 'all', local: false },
      ]);
      assert.deepEqual([call.businessKey, call.tenantId], [juel('#{execution.processBusinessKey}'), literal('t')]);
      assert.deepEqual(call.binding, { kind: 'version', version: literal('3') });
    });
  });

  describe('when an element has parameters', () => {
    it('takes text, expressions, scripts, lists and maps in one another', async () => {
      const task = await x(
        `<bpmn:task id="x">${extension(`<camunda:inputOutput>
          <camunda:inputParameter name="text">plain</camunda:inputParameter>
          <camunda:inputParameter name="none"/>
          <camunda:inputParameter name="nested"><camunda:map>
            <camunda:entry key="list"><camunda:list><camunda:value>\${a}</camunda:value><camunda:script scriptFormat="javascript">1 + 1</camunda:script></camunda:list></camunda:entry>
            <camunda:entry key="map"><camunda:map><camunda:entry key="k">v</camunda:entry></camunda:map></camunda:entry>
          </camunda:map></camunda:inputParameter>
          <camunda:outputParameter name="o">\${text}</camunda:outputParameter>
        </camunda:inputOutput>`)}</bpmn:task>`,
        'bpmn:Task',
      );
      const expression = (value: unknown) => ({ kind: 'expression', expression: value });
      assert.deepEqual(task.inputs, [
        { name: 'text', value: expression(literal('plain')) },
        { name: 'none', value: expression(juel('${null}')) },
        {
          name: 'nested',
          value: {
            kind: 'map',
            entries: {
              list: { kind: 'list', items: [expression(juel('${a}')), expression({ language: 'javascript', source: '1 + 1' })] },
              map: { kind: 'map', entries: { k: expression(literal('v')) } },
            },
          },
        },
      ]);
      assert.deepEqual(task.outputs, [{ name: 'o', value: expression(juel('${text}')) }]);
    });
  });

  describe('when a script is written in JUEL', () => {
    it('is a JUEL expression', async () => {
      const task = await x('<bpmn:scriptTask id="x" scriptFormat="juel"><bpmn:script>${a + 1}</bpmn:script></bpmn:scriptTask>', 'bpmn:ScriptTask');
      assert.deepEqual(task.script, juel('${a + 1}'));
    });
  });

  describe('when a script is written in groovy, python or ruby', () => {
    for (const language of ['groovy', 'python', 'ruby']) {
      it(`is refused with a hint (${language})`, async () => {
        const { problems } = await compile(
          between(`<bpmn:scriptTask id="x" scriptFormat="${language}"><bpmn:script>a + 1</bpmn:script></bpmn:scriptTask>`),
        );
        assert.deepEqual(
          problems.map(({ code, messages }) => [code, messages.en.includes('javascript')]),
          [['SCRIPT_LANGUAGE', true]],
        );
      });
    }
  });

  for (const [what, body, code] of [
    ['a Java mapping of a call', '<bpmn:callActivity id="x" calledElement="q" camunda:variableMappingClass="a.B"/>', 'JAVA_DELEGATE'],
    ['a Java mapping bean of a call', '<bpmn:callActivity id="x" calledElement="q" camunda:variableMappingDelegateExpression="${b}"/>', 'JAVA_DELEGATE'],
    ['a case', '<bpmn:callActivity id="x" camunda:caseRef="c"/>', 'UNSUPPORTED_ATTRIBUTE'],
    ['a Java form handler', '<bpmn:userTask id="x" camunda:formHandlerClass="a.B"/>', 'JAVA_DELEGATE'],
    ['form properties', `<bpmn:userTask id="x">${extension('<camunda:formProperty id="a"/>')}</bpmn:userTask>`, 'FORM_DATA'],
    ['a mail task', '<bpmn:serviceTask id="x" camunda:type="mail"/>', 'UNSUPPORTED_ATTRIBUTE'],
    ['a decision of a tenant', '<bpmn:businessRuleTask id="x" camunda:decisionRef="d" camunda:decisionRefTenantId="t"/>', 'UNSUPPORTED_ATTRIBUTE'],
    ['a script file', '<bpmn:scriptTask id="x" scriptFormat="javascript" camunda:resource="a.js"/>', 'SCRIPT_MISSING'],
  ] as const) {
    describe(`when it names ${what}`, () => {
      it('is refused', async () => {
        const { problems } = await compile(between(body));
        assert.deepEqual(
          problems.filter(({ severity }) => severity === 'error').map((each) => [each.code, each.elementId]),
          [[code, 'x']],
        );
      });
    });
  }

  describe('when people are named by resource assignments', () => {
    const assignment = (body: string) =>
      `<bpmn:resourceAssignmentExpression><bpmn:formalExpression>${body}</bpmn:formalExpression></bpmn:resourceAssignmentExpression>`;

    it('takes the human performer as assignee and potential owners as candidates', async () => {
      const task = await x(
        `<bpmn:userTask id="x" camunda:candidateGroups="d"><bpmn:humanPerformer>${assignment('${who}')}</bpmn:humanPerformer><bpmn:potentialOwner>${assignment(
          'user(a), group(b), c',
        )}</bpmn:potentialOwner></bpmn:userTask>`,
        'bpmn:UserTask',
      );
      assert.deepEqual(task.assignee, juel('${who}'));
      assert.deepEqual([task.candidateUsers, task.candidateGroups], [[literal('a')], [literal('b'), literal('c'), literal('d')]]);
    });

    it('lets the attribute go before the performer', async () => {
      const task = await x(
        `<bpmn:userTask id="x" camunda:assignee="li"><bpmn:humanPerformer>${assignment('wang')}</bpmn:humanPerformer></bpmn:userTask>`,
        'bpmn:UserTask',
      );
      assert.deepEqual(task.assignee, literal('li'));
    });

    it('takes potential starters of a process', async () => {
      const starter = `<camunda:potentialStarter>${assignment('user(a), group(b), c')}</camunda:potentialStarter>`;
      const model = await compiled(extension(starter) + between('<bpmn:task id="x"/>'), { process: 'camunda:candidateStarterUsers="d"' });
      assert.deepEqual([model.candidateStarterUsers, model.candidateStarterGroups], [['a', 'd'], ['b', 'c']]);
    });
  });

  describe('when a reference carries the prefix of the file’s own namespace', () => {
    const message = (prefix: string) =>
      compile(between(`<bpmn:receiveTask id="x" messageRef="${prefix}:m"/>`), {
        root: '<bpmn:message id="m" name="arrived"/>',
        namespaces: 'xmlns:tns="t" xmlns:other="o"',
      });

    it('finds the element', async () => {
      const { models, problems } = await message('tns');
      assert.deepEqual(problems, []);
      const task = models[0]?.model.elements.find(({ id }) => id === 'x');
      assert.deepEqual(task?.type === 'bpmn:ReceiveTask' && task.message?.name, literal('arrived'));
    });

    it('does not find it under the prefix of another', async () => {
      const { problems } = await message('other');
      assert.ok(problems.some(({ code }) => code === 'UNRESOLVED_REFERENCE'));
    });
  });

  describe('when a modeller leaves its marks', () => {
    it('takes no notice', async () => {
      const task = await x(
        '<bpmn:serviceTask id="x" camunda:modelerTemplate="t" camunda:modelerTemplateVersion="2" camunda:expression="${a}"><bpmn:extensionElements><camunda:field name="n" stringValue="v"/></bpmn:extensionElements></bpmn:serviceTask>',
        'bpmn:ServiceTask',
      );
      assert.equal(task.implementation?.kind, 'expression');
    });
  });

  describe('when it draws data', () => {
    it('takes data objects, stores, specifications and notes, and reads a data object as the variable of its id', async () => {
      const model = await compiled(
        `<bpmn:ioSpecification id="io"><bpmn:inputSet id="is"/><bpmn:outputSet id="os"/></bpmn:ioSpecification>
         <bpmn:dataObject id="elders" isCollection="true"/><bpmn:dataObjectReference id="dor" dataObjectRef="elders"/>
         <bpmn:dataStoreReference id="dsr" name="档案"/>
         ${between(`<bpmn:task id="x">
           <bpmn:ioSpecification id="io2"><bpmn:dataInput id="di"/><bpmn:inputSet id="is2"><bpmn:dataInputRefs>di</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet id="os2"/></bpmn:ioSpecification>
           <bpmn:dataInputAssociation id="dia"><bpmn:sourceRef>dor</bpmn:sourceRef><bpmn:targetRef>di</bpmn:targetRef></bpmn:dataInputAssociation>
           <bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>elders</bpmn:loopDataInputRef><bpmn:inputDataItem id="it" name="elder"/></bpmn:multiInstanceLoopCharacteristics>
         </bpmn:task>`)}
         <bpmn:textAnnotation id="ta"><bpmn:text>备注</bpmn:text></bpmn:textAnnotation><bpmn:association id="as" sourceRef="x" targetRef="ta"/>`,
      );
      const loop = model.elements[model.indexById['x'] ?? -1]?.multiInstance;
      assert.deepEqual([loop?.collection, loop?.elementVariable], [literal('elders'), 'elder']);
    });
  });
});
