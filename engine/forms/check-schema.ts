import type { JsonSchema } from '#forms/runtime/form.ts';
import { formats } from '#forms/runtime/formats.ts';
import { lookup } from '#forms/runtime/compile-form.ts';
import { patternProblem } from '#forms/runtime/patterns.ts';
import { isForbiddenName, isPlainObject, joinPointer } from '#forms/runtime/pointers.ts';
import { problem, type Problem } from './problem.ts';

export const SCHEMA_LIMITS = { depth: 16, fields: 500, subschemas: 3000, evaluations: 20_000, enumValues: 2000 } as const;

const REFUSED = new Set([
  '$data',
  '$dynamicRef',
  '$dynamicAnchor',
  '$recursiveRef',
  '$recursiveAnchor',
  '$anchor',
  '$vocabulary',
  '$async',
]);
const IN_MAP = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const IN_LIST = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SINGLE = new Set([
  'items',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
]);

/** Limits that keep any schema harmless, found without compiling it: the walk is iterative and bounded. */
export function checkSchema(root: unknown, at = 'schema'): Problem[] {
  if (!isPlainObject(root)) return [problem(at, 'FORM_SCHEMA_INVALID', '应为 JSON Schema 对象', 'Expected a JSON Schema object')];
  const problems: Problem[] = [];
  const pending: { schema: JsonSchema; at: string; depth: number }[] = [{ schema: root, at, depth: 1 }];
  let fields = 0;
  let seen = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    fields += isPlainObject(next.schema.properties) ? Object.keys(next.schema.properties).length : 0;
    if (next.depth > SCHEMA_LIMITS.depth)
      return [tooBig(next.at, `层次超过 ${SCHEMA_LIMITS.depth}`, `nesting above ${SCHEMA_LIMITS.depth}`)];
    if (fields > SCHEMA_LIMITS.fields)
      return [tooBig(next.at, `字段超过 ${SCHEMA_LIMITS.fields}`, `more than ${SCHEMA_LIMITS.fields} fields`)];
    if (++seen > SCHEMA_LIMITS.subschemas) return [tooBig(next.at, '子模式过多', `more than ${SCHEMA_LIMITS.subschemas} subschemas`)];
    problems.push(...checkKeywords(next.schema, next.at, root));
    for (const child of subschemas(next.schema))
      pending.push({ schema: child.schema, at: `${next.at}${child.path}`, depth: next.depth + 1 });
  }
  return problems.length > 0 ? problems : checkReach(root, at);
}

const tooBig = (at: string, zhCN: string, en: string): Problem =>
  problem(at, 'FORM_SCHEMA_LIMIT', `模式过大或过深：${zhCN}`, `Expected a smaller schema, but it has ${en}`);

function checkKeywords(schema: JsonSchema, at: string, root: JsonSchema): Problem[] {
  const problems: Problem[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const place = `${at}/${keyword}`;
    if (
      REFUSED.has(keyword) ||
      (keyword === '$id' && schema !== root) ||
      (isPlainObject(value) && '$data' in value && !IN_MAP.has(keyword))
    ) {
      problems.push(problem(place, 'FORM_SCHEMA_REF', `不支持 ${keyword}`, `Expected no ${keyword}, but the schema uses it`));
    }
    if (IN_MAP.has(keyword) && isPlainObject(value)) problems.push(...checkNames(Object.keys(value), keyword, place));
  }
  if (schema.uniqueItems === true && !(typeof schema.maxItems === 'number' && schema.maxItems <= 500)) {
    problems.push(
      problem(
        at,
        'FORM_SCHEMA_LIMIT',
        'uniqueItems 须同时给出不大于 500 的 maxItems',
        'Expected maxItems of at most 500 beside uniqueItems',
      ),
    );
  }
  if (Array.isArray(schema.enum) && schema.enum.length > SCHEMA_LIMITS.enumValues)
    problems.push(tooBig(`${at}/enum`, '选项过多', 'too many enum values'));
  if (typeof schema.pattern === 'string') problems.push(...checkPattern(schema.pattern, `${at}/pattern`));
  if (typeof schema.format === 'string' && !Object.hasOwn(formats, schema.format)) {
    problems.push(
      problem(
        `${at}/format`,
        'FORM_SCHEMA_INVALID',
        `没有 ${schema.format} 这种格式`,
        `Expected a known format, but found ${schema.format}`,
      ),
    );
  }
  if (schema.$ref !== undefined && (typeof schema.$ref !== 'string' || !lookup(root, schema.$ref))) {
    problems.push(
      problem(
        `${at}/$ref`,
        'FORM_SCHEMA_REF',
        '引用只能指向本文件内的 #/$defs/…',
        'Expected a reference within the file, but it leads elsewhere',
      ),
    );
  }
  return problems;
}

function checkNames(names: string[], keyword: string, place: string): Problem[] {
  const forbidden = names
    .filter(isForbiddenName)
    .map((name) => problem(place, 'FORM_SCHEMA_INVALID', `字段名 ${name} 不允许使用`, `Expected another name than ${name}`));
  return keyword === 'patternProperties'
    ? [...forbidden, ...names.flatMap((name) => checkPattern(name, joinPointer(place, name)))]
    : forbidden;
}

const PATTERN_REASONS = {
  'look-around': ['不支持前后查找 (?=…)、(?!…)、(?<=…)', 'look-around such as (?=…) is not supported'],
  'back-reference': ['不支持反向引用 \\1', 'back-references such as \\1 are not supported'],
  'too-large': ['正则表达式过长', 'it is longer than 2000 characters'],
  syntax: ['正则表达式有误或不支持', 'RE2 does not understand it'],
} as const;

function checkPattern(source: string, place: string): Problem[] {
  const reason = patternProblem(source);
  if (!reason) return [];
  const [zhCN, en] = PATTERN_REASONS[reason];
  return [problem(place, 'FORM_PATTERN', zhCN, `Expected a pattern that RE2 can run, but ${en}`)];
}

interface Child {
  schema: JsonSchema;
  path: string;
}

function subschemas(schema: JsonSchema): Child[] {
  return Object.entries(schema).flatMap(([keyword, value]): Child[] => {
    if (SINGLE.has(keyword)) return isPlainObject(value) ? [{ schema: value, path: `/${keyword}` }] : [];
    const isGroup = (IN_MAP.has(keyword) && isPlainObject(value)) || (IN_LIST.has(keyword) && Array.isArray(value));
    if (!isGroup) return [];
    return Object.entries(value as object).flatMap(([name, item]) =>
      isPlainObject(item) ? [{ schema: item, path: joinPointer(`/${keyword}`, name) }] : [],
    );
  });
}

/** Follows references: no circles, and not more than a bounded number of evaluations of one value (choices of choices double). */
function checkReach(root: JsonSchema, at: string): Problem[] {
  const costs = new Map<JsonSchema, { evaluations: number; depth: number }>();
  const open = new Set<JsonSchema>();
  let isCircular = false;
  const measure = (schema: JsonSchema): { evaluations: number; depth: number } => {
    const known = costs.get(schema);
    if (known) return known;
    if (open.has(schema)) {
      isCircular = true;
      return { evaluations: 1, depth: 1 };
    }
    open.add(schema);
    const target = typeof schema.$ref === 'string' ? lookup(root, schema.$ref) : undefined;
    const children = subschemas(schema).flatMap((child) => (/^\/(\$defs|definitions)\//.test(child.path) ? [] : [child.schema]));
    const parts = [...children, ...(target ? [target] : [])].map(measure);
    open.delete(schema);
    const cost = {
      evaluations: Math.min(
        1e9,
        parts.reduce((total, part) => total + part.evaluations, 1),
      ),
      depth: parts.reduce((depth, part) => Math.max(depth, part.depth), 0) + 1,
    };
    costs.set(schema, cost);
    return cost;
  };
  // what nothing refers to is looked at too: it may be referred to tomorrow
  subschemas(root).forEach((child) => measure(child.schema));
  const cost = measure(root);
  if (isCircular)
    return [problem(at, 'FORM_SCHEMA_REF', '引用不能循环', 'Expected references without circles, but one leads back to itself')];
  if (cost.evaluations > SCHEMA_LIMITS.evaluations)
    return [tooBig(at, '引用展开后过大', 'too many subschemas when its references are followed')];
  if (cost.depth > SCHEMA_LIMITS.depth * 2) return [tooBig(at, '引用展开后层次过深', 'too much nesting when its references are followed')];
  return [];
}
