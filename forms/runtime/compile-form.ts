import { collectConditions, type PlannedCondition } from './conditions.ts';
import type { ControlOptions, FormDefinition, JsonSchema, Rule, SchemaType, UiElement, Validate, Widget } from './form.ts';
import { isPlainObject, joinPointer, scopeToPointer } from './pointers.ts';

/** A form made ready: pointers → fields, layout rules with their compiled conditions. */
export interface FormPlan {
  definition: FormDefinition;
  /** Leaves: what a person fills in as one thing (also arrays, and objects that have a control of their own). */
  fields: Map<string, FieldInfo>;
  /** Objects between the root and the leaves; value = whether the object is required. */
  objects: Map<string, boolean>;
  /** Layout tree in document order, parents before children. */
  elements: PlannedElement[];
}

export interface FieldInfo {
  pointer: string;
  schema: JsonSchema;
  type: SchemaType;
  nullable: boolean;
  /** Required by the schema, whatever the data. */
  required: boolean;
  /** null = no control: read only, it carries data into the form. */
  widget: Widget | null;
  options: ControlOptions;
  /** Indexes into `FormPlan.elements`. */
  controls: number[];
}

export interface PlannedElement {
  /** Position in the UI schema, e.g. `/elements/0/elements/2`. */
  path: string;
  /** Index of the enclosing layout, -1 for the root. */
  parent: number;
  element: UiElement;
  /** Data pointer of a control. */
  pointer: string | null;
  rule: { effect: Rule['effect']; condition: PlannedCondition } | null;
}

/** `conditions` = the validator module's export of the same name; it may be left out only for forms without rules. */
export function compileForm(definition: FormDefinition, conditions: readonly Validate[] = []): FormPlan {
  const plan: FormPlan = { definition, fields: new Map(), objects: new Map(), elements: [] };
  const planned = collectConditions(definition.ui, conditions);
  planElement(plan, definition.ui, '', -1, planned);
  planObject(plan, resolveSchema(definition.schema, definition.schema), '', true);
  return plan;
}

function planElement(plan: FormPlan, element: UiElement, path: string, parent: number, planned: Map<Rule, PlannedCondition>): void {
  const index = plan.elements.length;
  const condition = element.rule && planned.get(element.rule);
  plan.elements.push({
    path,
    parent,
    element,
    pointer: element.type === 'Control' && element.scope ? scopeToPointer(element.scope) : null,
    rule: element.rule && condition ? { effect: element.rule.effect, condition } : null,
  });
  element.elements?.forEach((child, position) => planElement(plan, child, `${path}/elements/${position}`, index, planned));
}

function planObject(plan: FormPlan, schema: JsonSchema, pointer: string, isRequired: boolean): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const child = joinPointer(pointer, name);
    const resolved = resolveSchema(property, plan.definition.schema);
    const required = isRequired && (schema.required?.includes(name) ?? false);
    const controls = plan.elements.flatMap((element, index) => (element.pointer === child ? [index] : []));
    const type = mainType(resolved);
    if (type === 'object' && controls.length === 0 && resolved.properties) {
      plan.objects.set(child, required);
      planObject(plan, resolved, child, required);
      continue;
    }
    const options = plan.elements[controls[0] ?? -1]?.element.options ?? {};
    plan.fields.set(child, {
      pointer: child,
      schema: resolved,
      type,
      nullable: Array.isArray(resolved.type) && resolved.type.includes('null'),
      required,
      widget: controls.length === 0 ? null : (options.widget ?? defaultWidget(resolved, type)),
      options,
      controls,
    });
  }
}

/** The plain fields of a list's rows, by name; pointers hold `*` for the row. */
export function columnFields(plan: FormPlan, list: FieldInfo): Record<string, FieldInfo> {
  const row = resolveSchema(list.schema.items ?? {}, plan.definition.schema);
  const entries = Object.entries(row.properties ?? {}).map(([name, property]): [string, FieldInfo] => {
    const schema = resolveSchema(property, plan.definition.schema);
    const type = mainType(schema);
    const pointer = joinPointer(list.pointer, '*', name);
    const required = row.required?.includes(name) ?? false;
    return [name, { pointer, schema, type, nullable: false, required, widget: defaultWidget(schema, type), options: {}, controls: [] }];
  });
  return Object.fromEntries(entries);
}

/** Follows local references; keywords beside `$ref` win. The deployment check has refused recursion. */
export function resolveSchema(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let hops = 0; current.$ref !== undefined && hops < 16; hops++) {
    const { $ref, ...beside } = current;
    current = { ...lookup(root, $ref), ...beside };
  }
  return current;
}

/** The schema at a local reference `#/…`; undefined when there is none. */
export function lookup(root: JsonSchema, ref: string): JsonSchema | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let node: unknown = root;
  for (const part of ref.slice(2).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as Record<string, unknown>)[name];
  }
  return isPlainObject(node) ? node : undefined;
}

/** The type that decides about the widget; derived from `enum`, `const` and `properties` when `type` is absent. */
export function mainType(schema: JsonSchema): SchemaType {
  const named = Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type;
  if (named) return named;
  if (schema.properties) return 'object';
  const sample = schema.enum?.[0] ?? schema.const;
  if (typeof sample === 'number') return 'number';
  if (typeof sample === 'boolean') return 'boolean';
  return 'string';
}

function defaultWidget(schema: JsonSchema, type: SchemaType): Widget {
  if (schema.enum) return 'select';
  if (type === 'boolean') return 'checkbox';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'array') return schema.items?.enum ? 'checkbox-group' : schema.items?.format === 'photo' ? 'photo' : 'list';
  if (type === 'object') return 'position';
  if (schema.format === 'date' || schema.format === 'time') return schema.format;
  if (schema.format === 'date-time') return 'datetime';
  return schema.format === 'cn-phone' ? 'phone' : 'text';
}
