import assert from 'node:assert/strict';
import { checkForm } from '#engine/forms/check-form.ts';
import { compileProcesses } from './compile-process.ts';

const compileWith = (fields: string, attributes = '') =>
  compileProcesses(`<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t">
    <bpmn:process id="Care_Plan" isExecutable="true">
      <bpmn:startEvent id="s"/>
      <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="ask"/>
      <bpmn:userTask id="ask" name="询问" ${attributes}><bpmn:extensionElements><camunda:formData>${fields}</camunda:formData></bpmn:extensionElements></bpmn:userTask>
      <bpmn:sequenceFlow id="g" sourceRef="ask" targetRef="e"/>
      <bpmn:endEvent id="e"/>
    </bpmn:process>
  </bpmn:definitions>`);

const constraints = (...each: string[]) => `<camunda:validation>${each.join('')}</camunda:validation>`;
const constraint = (name: string, config?: string | number) =>
  `<camunda:constraint name="${name}"${config === undefined ? '' : ` config="${config}"`}/>`;

describe('form data of a user task', () => {
  describe('when its fields are of Camunda’s plain types', () => {
    const fields = `
      <camunda:formField id="elder" label="老人" type="string">${constraints(constraint('required'), constraint('minlength', 2), constraint('maxlength', 20))}</camunda:formField>
      <camunda:formField id="age" type="long" defaultValue="80">${constraints(constraint('min', 60), constraint('max', 120))}</camunda:formField>
      <camunda:formField id="alone" type="boolean" defaultValue="true"/>
      <camunda:formField id="since" type="date" defaultValue="01/02/2026"/>
      <camunda:formField id="level" type="enum" defaultValue="E1"><camunda:value id="E1" name="一级"/><camunda:value id="E2"/></camunda:formField>
      <camunda:formField id="caseNo" type="string">${constraints(constraint('readonly'))}</camunda:formField>`;

    it('makes a form of them that the task names', async () => {
      const { models, problems } = await compileWith(fields);
      assert.deepEqual(problems, []);
      const { model, forms } = models[0] as (typeof models)[0];
      const [form] = forms;
      assert.match(form?.key ?? '', /^form-care-plan-ask-[0-9a-f]{8}$/);
      const task = model.elements[model.indexById['ask'] ?? -1];
      assert.deepEqual(task?.type === 'bpmn:UserTask' && task.formKey, { language: 'literal', value: form?.key });
      assert.deepEqual(form?.definition.schema.properties, {
        elder: { type: 'string', minLength: 2, maxLength: 20 },
        age: { type: 'integer', minimum: 60, maximum: 120, default: 80 },
        alone: { type: 'boolean', default: true },
        since: { type: 'string', format: 'date', default: '2026-02-01' },
        level: { type: 'string', enum: ['E1', 'E2'], default: 'E1' },
        caseNo: { type: 'string', maxLength: 4000 },
      });
      assert.deepEqual(form?.definition.messages.en.title, '询问');
      assert.deepEqual(form?.definition.messages.en.fields?.['/level'], { title: 'level', enum: { E1: '一级', E2: 'E2' } });
    });

    it('passes the checks of a written form', async () => {
      const { models } = await compileWith(fields);
      assert.deepEqual(models[0]?.forms.map(({ definition }) => checkForm(definition)), [[]]);
    });

    it('keeps required and readonly as rights to the fields', async () => {
      const { models } = await compileWith(fields);
      const task = models[0]?.model.elements[models[0].model.indexById['ask'] ?? -1];
      assert.deepEqual(task?.properties, { 'songbai:field.elder': 'required', 'songbai:field.caseNo': 'readonly' });
    });
  });

  describe('when the task has a form key too', () => {
    it('is not used', async () => {
      const { models } = await compileWith('<camunda:formField id="a" type="string"/>', 'camunda:formKey="visit"');
      assert.deepEqual(models[0]?.forms, []);
    });
  });

  for (const [what, field] of [
    ['a type of its own', '<camunda:formField id="a" type="customer"/>'],
    ['an enum without values', '<camunda:formField id="a" type="enum"/>'],
    ['no id', '<camunda:formField type="string"/>'],
    ['a Java validator', `<camunda:formField id="a" type="string">${constraints(constraint('validator', 'com.example.V'))}</camunda:formField>`],
    ['a limit that does not fit', `<camunda:formField id="a" type="string">${constraints(constraint('min', 3))}</camunda:formField>`],
    ['an expression as default', '<camunda:formField id="a" type="string" defaultValue="${b}"/>'],
    ['a default that is no number', '<camunda:formField id="a" type="long" defaultValue="many"/>'],
    ['a default that is no date', '<camunda:formField id="a" type="date" defaultValue="31/02/2026"/>'],
  ] as const) {
    describe(`when a field has ${what}`, () => {
      it('is refused', async () => {
        const { problems } = await compileWith(field);
        assert.deepEqual(
          problems.map(({ code, elementId }) => [code, elementId]),
          [['FORM_DATA', 'ask']],
        );
      });
    });
  }
});
