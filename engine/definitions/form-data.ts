import { hash } from 'node:crypto';
import { parseDate } from '#engine/expressions/iso-date.ts';
import type { FormDefinition, FormMessages, JsonSchema } from '#forms/runtime/form.ts';
import type { Access } from '#forms/runtime/permissions.ts';
import type { Compilation } from './compilation.ts';
import { extensions, many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** A form that is made of `camunda:formData`; it is deployed along with its process, like one of the forms folder. */
export interface GeneratedForm {
  key: string;
  definition: FormDefinition;
}

interface Field {
  id: string;
  title: string;
  schema: JsonSchema;
  access: Access;
  /** Labels of an enum's values. */
  values: Record<string, string> | null;
}

/** The fields of an element's `camunda:formData`; a form key or form reference hides them, as in Camunda 7. */
function fieldsOf(node: ModdleElement): ModdleElement[] {
  if (text(node, 'camunda:formKey') !== undefined || text(node, 'camunda:formRef') !== undefined) return [];
  return extensions(node, 'camunda:FormData').flatMap((data) => many(data, 'fields'));
}

/** Constraints `readonly` and `required` as the rights of `songbai:fields`. */
export function formDataAccess(node: ModdleElement): [name: string, access: Access][] {
  return fieldsOf(node).flatMap((field): [string, Access][] => {
    const access = accessOf(field);
    return access === 'editable' ? [] : [[`songbai:field.${text(field, 'id') ?? ''}`, access]];
  });
}

/**
 * Turns `camunda:formData` into a form with one field below the other and puts it into the compilation.
 * @returns the key of the form; undefined when the element has no form data
 * @see https://docs.camunda.org/manual/7.24/user-guide/task-forms/#generated-task-forms
 */
export function generateForm(node: ModdleElement, compilation: Compilation): string | undefined {
  const nodes = fieldsOf(node);
  if (nodes.length === 0) return undefined;
  const fields = nodes.flatMap((field) => compileField(field, node.id as string, compilation));
  const key = formKey(compilation.process.id ?? '', node.id as string);
  compilation.forms.push({ key, definition: formOf(fields, text(node, 'name') ?? (node.id as string)) });
  return key;
}

/** Form keys are plain; the hash keeps apart what looks alike without its other letters. */
function formKey(processId: string, elementId: string): string {
  const id = `${processId}-${elementId}`;
  const plain = id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 60);
  return `form${plain.startsWith('-') ? '' : '-'}${plain}-${hash('sha256', id).slice(0, 8)}`;
}

function formOf(fields: Field[], title: string): FormDefinition {
  const messages: FormMessages = {
    title,
    fields: Object.fromEntries(
      fields.map(({ id, title: label, values }) => [`/${id}`, { title: label, ...(values && { enum: values }) }]),
    ),
  };
  return {
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: Object.fromEntries(fields.map(({ id, schema }) => [id, schema])),
    },
    ui: { type: 'VerticalLayout', elements: fields.map(({ id }) => ({ type: 'Control', scope: `#/properties/${id}` })) },
    // The model has its words in one language only.
    messages: { 'zh-CN': messages, en: messages },
  };
}

const schemas: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string', maxLength: 4000 },
  long: { type: 'integer' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
};

function compileField(field: ModdleElement, elementId: string, compilation: Compilation): Field[] {
  const id = text(field, 'id') ?? '';
  const refuse = (reason: string): Field[] => {
    compilation.report(elementId, 'FORM_DATA', { field: id, reason });
    return [];
  };
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(id)) return refuse('id');
  const type = text(field, 'type') ?? 'string';
  const values = type === 'enum' ? enumValues(field) : null;
  const base = values ? { type: 'string' as const, enum: Object.keys(values) } : Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (!base || (values && Object.keys(values).length === 0)) return refuse(`type="${type}"`);
  const schema = { ...base };
  for (const constraint of constraintsOf(field)) if (!constrain(schema, constraint)) return refuse(`constraint ${constraint.name}`);
  const given = text(field, 'defaultValue');
  if (given !== undefined) {
    const value = defaultValue(type, given, values);
    if (value === undefined) return refuse(`defaultValue="${given}"`);
    schema.default = value;
  }
  return [{ id, title: text(field, 'label') ?? id, schema, access: accessOf(field), values }];
}

function enumValues(field: ModdleElement): Record<string, string> {
  return Object.fromEntries(many(field, 'values').map((value) => [text(value, 'id') ?? '', text(value, 'name') ?? text(value, 'id') ?? '']));
}

interface Constraint {
  name: string;
  config: string | undefined;
}

function constraintsOf(field: ModdleElement): Constraint[] {
  const validation = one(field, 'validation');
  return validation ? many(validation, 'constraints').map((each) => ({ name: text(each, 'name') ?? '', config: text(each, 'config') })) : [];
}

function accessOf(field: ModdleElement): Access {
  const names = constraintsOf(field)
    .filter(({ config }) => config !== 'false')
    .map(({ name }) => name);
  return names.includes('readonly') ? 'readonly' : names.includes('required') ? 'required' : 'editable';
}

const limits: Readonly<Record<string, { keyword: string; type: JsonSchema['type'] }>> = {
  min: { keyword: 'minimum', type: 'integer' },
  max: { keyword: 'maximum', type: 'integer' },
  minlength: { keyword: 'minLength', type: 'string' },
  maxlength: { keyword: 'maxLength', type: 'string' },
};

/** False for a constraint that is not known or does not fit the field, e.g. `validator`, which is Java. */
function constrain(schema: JsonSchema, { name, config }: Constraint): boolean {
  if (name === 'required' || name === 'readonly') return true;
  const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
  const number = Number(config);
  if (!limit || limit.type !== schema.type || !Number.isInteger(number)) return false;
  schema[limit.keyword] = number;
  return true;
}

/** Undefined for a text that is no value of the type: an expression, say, which a form that is made once cannot hold. */
function defaultValue(type: string, given: string, values: Record<string, string> | null): unknown {
  if (/[$#]\{/.test(given)) return undefined;
  if (values) return Object.hasOwn(values, given) ? given : undefined;
  if (type === 'boolean') return given === 'true' ? true : given === 'false' ? false : undefined;
  if (type === 'long') return Number.isSafeInteger(Number(given)) ? Number(given) : undefined;
  if (type !== 'date') return given;
  const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(given) ?? [];
  const date = year === undefined ? given : `${year}-${month}-${day}`;
  return /^\d{4}-\d\d-\d\d$/.test(date) && parseDate(`${date}T00:00:00`) !== null ? date : undefined;
}
