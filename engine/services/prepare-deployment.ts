import type { Element, ProcessModel } from '#engine/core/model.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import type { CompiledProcess } from '#engine/definitions/compile-process.ts';
import { xmlLimits } from '#engine/definitions/xml-guard.ts';
import { checkPermissions } from '#engine/forms/check-form.ts';
import type { PreparedForm, StoredForm } from '#engine/forms/forms-service.ts';
import type { FormDefinition } from '#forms/runtime/form.ts';
import { findForm } from '#engine/store/definition-store.ts';
import type { DecisionModel } from '#engine/decisions/model.ts';
import type { ServiceContext } from './context.ts';
import type { DeployInput } from './contract.ts';
import { strayFormFile, unknownFormKey, unreadableFormFile } from './deployment-problem.ts';

export interface DeploymentCompilers {
  /** @param others the BPMN files of the same deployment by name: an import is looked up there */
  processes(xml: string, others?: Record<string, string>): Promise<{ models: CompiledProcess[]; problems: Problem[] }>;
  /** Of a definition that is deployed already. */
  storedProcesses(xml: string): Promise<{ models: CompiledProcess[] }>;
  decisions(xml: string, imports?: readonly string[]): Promise<{ models: DecisionModel[]; problems: Problem[] }>;
  form(definition: FormDefinition): Promise<PreparedForm>;
  /** What is wrong with the model's plugin tasks. */
  plugins(model: ProcessModel): Problem[];
}

export interface Prepared {
  problems: { resource: string; problem: Problem }[];
  processes: { resource: string; compiled: CompiledProcess }[];
  decisions: { resource: string; model: DecisionModel }[];
  forms: { key: string; form: StoredForm }[];
}

/** Compiles and checks every file outside the transaction; what is wrong with any of them is in `problems`. */
export async function prepareDeployment(context: ServiceContext, compilers: DeploymentCompilers, input: DeployInput): Promise<Prepared> {
  const prepared: Prepared = { problems: [], processes: [], decisions: [], forms: [] };
  const others = importableFiles(input.resources);
  for (const { name, content } of input.resources) {
    const text = Buffer.from(content).toString('utf8');
    if (BPMN_FILE.test(name)) {
      const { models, problems } = await compilers.processes(text, importing.test(text) ? others : {});
      prepared.processes.push(...models.map((compiled) => ({ resource: name, compiled })));
      prepared.problems.push(...problems.map((each) => ({ resource: name, problem: each })));
    } else if (isDmnFile(name)) {
      const { models, problems } = await compilers.decisions(text, importsOf(text, input.resources.filter((other) => other.name !== name)));
      prepared.decisions.push(...models.map((model) => ({ resource: name, model })));
      prepared.problems.push(...problems.map((each) => ({ resource: name, problem: each })));
    } else if (/\.json$/i.test(name) && !FORM_FILE.test(name)) prepared.problems.push({ resource: name, problem: strayFormFile(name) });
  }
  for (const { resource, compiled } of prepared.processes) {
    for (const { key, definition } of compiled.forms) await compileForm(compilers, { resource, key }, definition, prepared);
  }
  for (const [key, files] of formFiles(input.resources)) await prepareForm(compilers, key, files, prepared);
  for (const { resource, compiled } of prepared.processes) prepared.problems.push(...compilers.plugins(compiled.model).map((each) => ({ resource, problem: each })));
  await checkFormKeys(context, input.tenant ?? '', prepared);
  return prepared;
}

const BPMN_FILE = /\.(bpmn|bpmn20\.xml)$/i;
/** Only then are the other files worth sending to the compiler. */
const importing = /<(?:\w+:)?import\s/;

export const isDmnFile = (name: string): boolean => /\.(dmn|dmn11\.xml)$/i.test(name);

/** The DMN files beside one that imports some. */
export function importsOf(xml: string, others: DeployInput['resources']): string[] {
  if (!importing.test(xml)) return [];
  return Object.values(importableFiles(others, isDmnFile));
}

/** What a model may import; large deployments are not copied to the compiler with each file. */
function importableFiles(resources: DeployInput['resources'], isWanted = (name: string) => BPMN_FILE.test(name)): Record<string, string> {
  const files = resources.filter(({ name }) => isWanted(name));
  if (files.reduce((bytes, { content }) => bytes + content.byteLength, 0) > xmlLimits.bytes) return {};
  return Object.fromEntries(files.map(({ name, content }) => [name, Buffer.from(content).toString('utf8')]));
}

/** Field rights of an element, as the compiler leaves them in its properties. */
const FIELD = 'songbai:field.';

/** `[…/]<form key>/{schema,ui,zh-CN,en}.json`, the layout of the forms folder. */
const FORM_FILE = /(?:^|\/)([a-z0-9][a-z0-9-]*)\/(schema|ui|zh-CN|en)\.json$/;

/** The key of the form that a file belongs to; null = to none. */
export const formKeyOf = (name: string): string | null => FORM_FILE.exec(name)?.[1] ?? null;

function formFiles(resources: DeployInput['resources']): Map<string, Map<string, Uint8Array>> {
  const forms = new Map<string, Map<string, Uint8Array>>();
  for (const { name, content } of resources) {
    const [, key, file] = FORM_FILE.exec(name) ?? [];
    if (!key || !file) continue;
    const files = forms.get(key) ?? new Map<string, Uint8Array>();
    forms.set(key, files.set(file, content));
  }
  return forms;
}

async function prepareForm(compilers: DeploymentCompilers, key: string, files: Map<string, Uint8Array>, prepared: Prepared): Promise<void> {
  const parts: Record<string, unknown> = {};
  for (const file of ['schema', 'ui', 'zh-CN', 'en']) {
    const content = files.get(file);
    try {
      if (!content) throw new Error('the file is missing');
      parts[file] = JSON.parse(Buffer.from(content).toString('utf8'));
    } catch (error) {
      prepared.problems.push({ resource: `${key}/${file}.json`, problem: unreadableFormFile(`${key}/${file}.json`, (error as Error).message) });
      return;
    }
  }
  const definition = { schema: parts['schema'], ui: parts['ui'], messages: { 'zh-CN': parts['zh-CN'], en: parts['en'] } } as FormDefinition;
  await compileForm(compilers, { resource: key, key }, definition, prepared);
}

async function compileForm(compilers: DeploymentCompilers, { resource, key }: { resource: string; key: string }, definition: FormDefinition, prepared: Prepared): Promise<void> {
  const { problems, form } = await compilers.form(definition);
  prepared.problems.push(...problems.map((each) => ({ resource, problem: asError(each) })));
  if (form) prepared.forms.push({ key, form });
}

/**
 * A form key that names no form, or a right to a field that the form does not have, would be found out by the clerk who
 * opens the task. Keys with a scheme belong to other form systems.
 */
async function checkFormKeys(context: ServiceContext, tenant: string, prepared: Prepared): Promise<void> {
  const own = new Map(prepared.forms.map(({ key, form }) => [key, form.content]));
  for (const { resource, compiled } of prepared.processes) {
    for (const { element, key } of formKeys(compiled.model)) {
      if (key.includes(':')) continue;
      const content = own.get(key) ?? (await context.store.query(findForm(key, tenant)))?.content;
      if (content === undefined) prepared.problems.push({ resource, problem: unknownFormKey(element.id, key) });
      else for (const found of wrongPermissions(element, content)) prepared.problems.push({ resource, problem: { ...found, elementId: element.id } });
    }
  }
}

function formKeys(model: ProcessModel): { element: Element; key: string }[] {
  return model.elements.flatMap((element) => {
    if (element.type !== 'bpmn:UserTask' && element.type !== 'bpmn:StartEvent') return [];
    const expression = element.formRef?.key ?? element.formKey;
    return expression?.language === 'literal' ? [{ element, key: expression.value }] : [];
  });
}

function wrongPermissions({ properties }: Element, content: string): Problem[] {
  const access = Object.entries(properties).flatMap(([name, value]) => (name.startsWith(FIELD) ? [[name.slice(FIELD.length), value]] : []));
  if (access.length === 0) return [];
  return checkPermissions(JSON.parse(content) as FormDefinition, Object.fromEntries(access) as Record<string, string>).map(asError);
}

/** Forms know no warnings. */
const asError = (found: Omit<Problem, 'severity'>): Problem => ({ ...found, severity: 'error' });
