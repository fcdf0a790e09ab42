import { LOCALES, WIDGETS, type Condition, type UiElement, type Widget } from '#forms/runtime/form.ts';
import type { FieldInfo, FormPlan } from '#forms/runtime/compile-form.ts';
import { lookup, mainType, resolveSchema } from '#forms/runtime/compile-form.ts';
import { isPlainObject, scopeToPointer } from '#forms/runtime/pointers.ts';
import { checkSchema } from './check-schema.ts';
import { problem, type Problem } from './problem.ts';

const LIMITS = { depth: 16, elements: 1000, conditions: 200 } as const;
const LAYOUTS = ['VerticalLayout', 'HorizontalLayout', 'Group', 'Categorization', 'Category'];
const EFFECTS = ['SHOW', 'HIDE', 'ENABLE', 'DISABLE'];

const invalid = (at: string, zhCN: string, en: string): Problem => problem(at, 'FORM_LAYOUT_INVALID', zhCN, en);

/** The shape of the UI schema, before anything else looks at it. */
export function checkLayoutShape(ui: unknown): Problem[] {
  const problems: Problem[] = [];
  let count = 0;
  const visit = (element: unknown, at: string, depth: number, parent: string): void => {
    if (++count > LIMITS.elements || depth > LIMITS.depth) {
      if (problems.length === 0)
        problems.push(invalid(at, '布局过大或嵌套过深', `Expected at most ${LIMITS.elements} elements, ${LIMITS.depth} deep`));
      return;
    }
    if (!isPlainObject(element)) return void problems.push(invalid(at, '应为布局元素', 'Expected a layout element'));
    const type = String(element['type']);
    const isLayout = LAYOUTS.includes(type);
    if (!isLayout && type !== 'Control' && type !== 'Label')
      problems.push(invalid(at, `没有 ${type} 这种元素`, `Expected a known element, but found ${type}`));
    if ((type === 'Category') !== (parent === 'Categorization')) {
      problems.push(
        invalid(at, 'Categorization 只含 Category，Category 只在其中', 'Expected Category inside Categorization, and nothing else there'),
      );
    }
    if (isLayout && !Array.isArray(element['elements'])) problems.push(invalid(at, '缺少 elements', `Expected elements in ${type}`));
    if (type === 'Control' && typeof element['scope'] !== 'string') problems.push(invalid(at, '缺少 scope', 'Expected a scope'));
    if (element['options'] !== undefined && !isPlainObject(element['options']))
      problems.push(invalid(`${at}/options`, 'options 应为对象', 'Expected an object'));
    if (element['rule'] !== undefined) problems.push(...checkRule(element['rule'], `${at}/rule`));
    if (Array.isArray(element['elements']))
      element['elements'].forEach((child, index) => visit(child, `${at}/elements/${index}`, depth + 1, type));
  };
  visit(ui, 'ui', 1, '');
  return problems;
}

function checkRule(rule: unknown, at: string): Problem[] {
  const bad = (zhCN: string, en: string): Problem => problem(at, 'FORM_RULE_INVALID', zhCN, en);
  if (!isPlainObject(rule) || !EFFECTS.includes(String(rule['effect'])))
    return [bad('effect 应为 SHOW、HIDE、ENABLE 或 DISABLE', 'Expected an effect SHOW, HIDE, ENABLE or DISABLE')];
  let count = 0;
  const visit = (condition: unknown, depth: number): Problem[] => {
    if (++count > LIMITS.conditions || depth > LIMITS.depth)
      return [bad('条件过多或过深', `Expected at most ${LIMITS.conditions} conditions`)];
    if (!isPlainObject(condition)) return [bad('缺少 condition', 'Expected a condition')];
    if (Array.isArray(condition['conditions'])) {
      const isKnown = condition['type'] === 'AND' || condition['type'] === 'OR';
      return [
        ...(isKnown ? [] : [bad('条件组合应为 AND 或 OR', 'Expected AND or OR')]),
        ...condition['conditions'].flatMap((part) => visit(part, depth + 1)),
      ];
    }
    if (typeof condition['scope'] !== 'string') return [bad('条件缺少 scope', 'Expected a scope in the condition')];
    if ('expectedValue' in condition) return [];
    if (!isPlainObject(condition['schema'])) return [bad('条件缺少 schema', 'Expected a schema in the condition')];
    return checkSchema(condition['schema'], `${at}/condition/schema`);
  };
  return visit(rule['condition'], 1);
}

/** Scopes, widgets and their options against the schema; the shape has been checked. */
export function checkLayout(plan: FormPlan): Problem[] {
  const problems: Problem[] = [];
  for (const planned of plan.elements) {
    const at = `ui${planned.path}`;
    const { element, pointer } = planned;
    if (element.rule) problems.push(...checkConditionScopes(plan, element.rule.condition, `${at}/rule`));
    if (element.type !== 'Control') continue;
    const field = pointer === null ? undefined : plan.fields.get(pointer);
    if (!field)
      problems.push(
        problem(`${at}/scope`, 'FORM_SCOPE_UNKNOWN', `字段 ${element.scope} 不存在`, `Expected a field, but ${element.scope} is none`),
      );
    else problems.push(...checkWidget(plan, field, element, at));
  }
  for (const field of plan.fields.values()) {
    if (field.required && field.widget === null) {
      problems.push(invalid(`schema${field.pointer}`, '必填字段没有控件', `Expected a control for the required field ${field.pointer}`));
    }
  }
  return problems;
}

function checkConditionScopes(plan: FormPlan, condition: Condition, at: string): Problem[] {
  if ('conditions' in condition) return condition.conditions.flatMap((part) => checkConditionScopes(plan, part, at));
  if (isKnownScope(plan, condition.scope)) return [];
  return [
    problem(
      at,
      'FORM_SCOPE_UNKNOWN',
      `规则引用的字段 ${condition.scope} 不存在`,
      `Expected a field, but the rule's ${condition.scope} is none`,
    ),
  ];
}

function isKnownScope(plan: FormPlan, scope: string): boolean {
  const pointer = scopeToPointer(scope);
  if (pointer === null) return false;
  return pointer === '' || plan.fields.has(pointer) || plan.objects.has(pointer) || lookup(plan.definition.schema, scope) !== undefined;
}

type Fit = (field: FieldInfo, plan: FormPlan) => boolean;
const isString: Fit = ({ type }) => type === 'string';
const hasFormat =
  (format: string): Fit =>
  ({ type, schema }) =>
    type === 'string' && schema.format === format;
const items = ({ schema }: FieldInfo, plan: FormPlan) => resolveSchema(schema.items ?? {}, plan.definition.schema);
const isEnumList: Fit = (field, plan) => field.type === 'array' && Array.isArray(items(field, plan).enum);

/** What each widget can edit. */
const FITS = {
  text: isString,
  textarea: isString,
  phone: hasFormat('cn-phone'),
  number: ({ type }) => type === 'number' || type === 'integer',
  select: (field, plan) => Array.isArray(field.schema.enum) || isEnumList(field, plan),
  radio: ({ schema }) => Array.isArray(schema.enum),
  checkbox: ({ type }) => type === 'boolean',
  switch: ({ type }) => type === 'boolean',
  'checkbox-group': isEnumList,
  date: hasFormat('date'),
  time: hasFormat('time'),
  datetime: hasFormat('date-time'),
  rating: ({ type, schema }) => type === 'integer' && schema.minimum === 1 && (schema.maximum ?? 99) <= 10,
  photo: (field, plan) => field.type === 'array' && items(field, plan).format === 'photo' && (field.schema.maxItems ?? 99) <= 6,
  elder: isString,
  person: isString,
  device: isString,
  'candidate-table': ({ type }) => type === 'string' || type === 'integer',
  position: ({ type, schema }) => type === 'object' && ['latitude', 'longitude'].every((name) => name in (schema.properties ?? {})),
  list: (field, plan) => field.type === 'array' && mainType(items(field, plan)) === 'object' && field.schema.maxItems !== undefined,
} as const satisfies Record<Widget, Fit>;

function checkWidget(plan: FormPlan, field: FieldInfo, element: UiElement, at: string): Problem[] {
  const unfit = (zhCN: string, en: string): Problem => problem(`${at}/options`, 'FORM_WIDGET_UNFIT', zhCN, en);
  const widget = element.options?.widget ?? field.widget;
  if (widget === null || !WIDGETS.includes(widget))
    return [unfit(`没有 ${widget} 这种控件`, `Expected a known widget, but found ${widget}`)];
  const problems = FITS[widget](field, plan)
    ? []
    : [unfit(`控件 ${widget} 不适合字段 ${field.pointer}`, `Expected a field that fits ${widget}, but ${field.pointer} does not`)];
  const fill: unknown = element.options?.fill ?? {};
  for (const name of isPlainObject(fill) ? Object.keys(fill) : ['fill']) {
    if (!plan.fields.has(`/${name}`)) problems.push(unfit(`fill 中的字段 ${name} 不存在`, `Expected a field, but fill's ${name} is none`));
  }
  if (widget === 'candidate-table') {
    const { source, value, columns } = element.options ?? {};
    const pointer = scopeToPointer(source ?? '');
    const isList = pointer !== null && plan.fields.get(pointer)?.type === 'array';
    if (!isList || !value || !Array.isArray(columns)) {
      problems.push(unfit('candidate-table 需要 source、value、columns', 'Expected source (an array field), value and columns'));
    }
  }
  return problems;
}

/** Every text that people read is there, in both languages, and no text is for nothing. */
export function checkMessages(plan: FormPlan): Problem[] {
  return LOCALES.flatMap((locale) => {
    const messages = plan.definition.messages[locale];
    const missing = (path: string): Problem =>
      problem(`${locale}${path}`, 'FORM_MESSAGE_MISSING', `缺少文字 ${path}`, `Expected a text at ${path}`);
    if (!isPlainObject(messages) || !isPlainObject(messages.fields)) return [missing('/fields')];
    const problems: Problem[] = isText(messages.title) ? [] : [missing('/title')];
    for (const { element, path } of plan.elements) {
      const needsText = element.type === 'Group' || element.type === 'Category' || element.type === 'Label';
      if (!needsText) continue;
      if (!element.i18n) problems.push(invalid(`ui${path}`, '缺少 i18n', `Expected i18n in ${element.type}`));
      else if (!isText(messages.labels?.[element.i18n])) problems.push(missing(`/labels/${element.i18n}`));
    }
    for (const [pointer, values] of textNeeds(plan)) {
      const texts = messages.fields[pointer];
      if (!isText(texts?.title)) problems.push(missing(`/fields${pointer}/title`));
      for (const value of values)
        if (!isText(texts?.enum?.[String(value)])) problems.push(missing(`/fields${pointer}/enum/${String(value)}`));
    }
    return problems;
  });
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** Pointers that need a title, with the enum values that need a label. */
function textNeeds(plan: FormPlan): Map<string, unknown[]> {
  const needs = new Map<string, unknown[]>();
  for (const field of plan.fields.values()) {
    if (field.widget === null) continue;
    const item = items(field, plan);
    needs.set(field.pointer, field.schema.enum ?? item.enum ?? []);
    for (const [name, column] of field.widget === 'list' ? Object.entries(item.properties ?? {}) : []) {
      needs.set(`${field.pointer}/*/${name}`, resolveSchema(column, plan.definition.schema).enum ?? []);
    }
    const source = scopeToPointer(field.options.source ?? '');
    if (source) for (const name of field.options.columns ?? []) needs.set(`${source}/*/${name}`, []);
  }
  return needs;
}
