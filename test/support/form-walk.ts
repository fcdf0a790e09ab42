import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { visibleVariables } from '#engine/core/behaviors/variables.ts';
import { createRun } from '#engine/core/run.ts';
import type { Element } from '#engine/core/model.ts';
import type { TypedValue } from '#engine/core/values.ts';
import { createFormAnswers, type FormAnswers } from './form-answers.ts';
import type { StoredForm } from '#engine/forms/forms-service.ts';
import { readShippedForms } from '#engine/forms/shipped-forms.ts';
import type { FormError } from '#forms/runtime/form.ts';
import { anActor } from './core-ports.ts';
import type { Scenario } from './core-scenario.ts';
import { aFormsService } from './form-builder.ts';

export interface FormWalk {
  /** What the form of an open task (or of the start event) says to a submission; writes nothing. */
  check(process: Scenario, element: string, data: Record<string, unknown>): Promise<FormError[]>;
  /** Fills in the form of an open task and completes it with what the form lets through. Errors fail the test. */
  submit(process: Scenario, element: string, data: Record<string, unknown>): Promise<void>;
  /** Start variables as the start form lets them through. */
  startData(element: Element, data: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** All shipped forms, compiled as at deployment, for walking a process the way people do. */
export async function formWalk(): Promise<FormWalk> {
  const stored: (StoredForm & { tenant: string })[] = [];
  const byKey = new Map<string, { key: string; version: number; hash: string }>();
  const service = await aFormsService();
  for (const { key, definition } of await readShippedForms(join(fileURLToPath(new URL('../..', import.meta.url)), 'forms'))) {
    const { form, problems } = await service.prepare(definition);
    assert.ok(form, `expected form ${key} to compile, but: ${JSON.stringify(problems)}`);
    stored.push({ ...form, tenant: '' });
    byKey.set(key, { key, version: 1, hash: form.hash });
  }
  const answers: FormAnswers = createFormAnswers({
    forms: service,
    find: async (hash) => stored.find((form) => form.hash === hash) ?? null,
    findByKey: async (key) => byKey.get(key) ?? null,
  });

  async function accept(element: Element, variables: Record<string, TypedValue>, submitted: Record<string, unknown>) {
    const formKey = element.type === 'bpmn:UserTask' || element.type === 'bpmn:StartEvent' ? element.formKey : undefined;
    const form = formKey?.language === 'literal' ? byKey.get(formKey.value) : undefined;
    assert.ok(form, `expected ${element.id} to have a shipped form`);
    const access = Object.fromEntries(
      Object.entries(element.properties).flatMap(([name, value]) =>
        name.startsWith('songbai:field.') ? [[name.slice('songbai:field.'.length), value]] : [],
      ),
    );
    return answers.accept(form, { variables, access, locale: 'zh-CN', submitted });
  }

  function open(process: Scenario, id: string) {
    const [instance] = process.instancesOf(id, ({ task }) => task !== undefined);
    assert.ok(instance, `expected an open task ${id} among ${process.active().join(', ')}`);
    const state = process.states().find(({ elements }) => elements.includes(instance))!;
    const element = process.ports.model(state.definitionId).elements[instance.element]!;
    return { element, variables: visibleVariables({ run: createRun(process.root, process.ports, anActor), state, instance }) };
  }

  return {
    async check(process, id, data) {
      const { element, variables } = open(process, id);
      return (await accept(element, variables, data)).errors;
    },
    async submit(process, id, data) {
      const { element, variables } = open(process, id);
      const { variables: accepted, errors } = await accept(element, variables, data);
      assert.deepEqual(errors, [], id);
      process.complete(id, Object.fromEntries(Object.entries(accepted).map(([name, { value }]) => [name, value])));
    },
    async startData(element, data) {
      const { variables, errors } = await accept(element, {}, data);
      assert.deepEqual(errors, [], element.id);
      return Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));
    },
    close: () => service.close(),
  };
}
