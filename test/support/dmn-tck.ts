import { readFileSync, readdirSync } from 'node:fs';
import { Failure } from '#engine/core/failure.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { compileEach } from '#engine/decisions/compile-decisions.ts';
import type { DecisionCompilation } from '#engine/decisions/compile-decisions.ts';
import { decisionValue } from '#engine/decisions/evaluate-decision.ts';
import { createExpressions } from '#engine/expressions/create-expressions.ts';
import { compare } from '#engine/expressions/feel/operators.ts';
import { readDate, readDateTime, readDuration, readTime } from '#engine/expressions/feel/temporal.ts';
import { kindOf } from '#engine/expressions/feel/values.ts';
import { conformanceFolder } from './conformance-folder.ts';
import { aContext } from './evaluation-context.ts';
import { xmlTree } from './xml-tree.ts';
import type { XmlNode } from './xml-tree.ts';

const folder = new URL('dmn-tck/', conformanceFolder);
const TCK = '{http://www.omg.org/spec/DMN/20160719/testcase}';
const XSI = '{http://www.w3.org/2001/XMLSchema-instance}';
const XSD = '{http://www.w3.org/2001/XMLSchema}';

/** One result node of one test case: what the kit counts. */
export interface TckRow {
  folder: string;
  testCase: string;
  name: string;
  passed: boolean;
  /** What was expected and what came, for the report. */
  difference: string;
}

/** The DMN Technology Compatibility Kit: folders with a model and test cases, each with inputs and expected results. */
export const dmnTck = { folder, folders, run };

/** `compliance-level-2/0001-…` and so on. */
function folders(): string[] {
  return ['compliance-level-2', 'compliance-level-3'].flatMap((level) =>
    readdirSync(new URL(`${level}/`, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${level}/${entry.name}`)
      .sort(),
  );
}

async function run(name: string): Promise<TckRow[]> {
  const home = new URL(`${name}/`, folder);
  const files = readdirSync(home).sort();
  const models = new Map(files.filter((file) => file.endsWith('.dmn')).map((file) => [file, readFileSync(new URL(file, home), 'utf8')]));
  const rows: TckRow[] = [];
  for (const file of files.filter((each) => each.endsWith('.xml'))) {
    const cases = xmlTree(readFileSync(new URL(file, home), 'utf8'));
    const modelName = child(cases, 'modelName')?.text.trim() ?? '';
    const [main, xml] = [...models].find(([model]) => model === modelName) ?? ([...models][0] as [string, string]);
    const compiled = await compileEach(
      xml,
      [...models].filter(([model]) => model !== main).map(([, other]) => other),
    );
    for (const testCase of children(cases, 'testCase')) rows.push(...runCase(name, testCase, compiled));
  }
  return rows;
}

function runCase(name: string, testCase: XmlNode, compiled: DecisionCompilation): TckRow[] {
  const inputs = Object.fromEntries(children(testCase, 'inputNode').map((node) => [attribute(node, 'name') ?? '', valueOf(node)]));
  const id = attribute(testCase, 'id') ?? '';
  return children(testCase, 'resultNode').map((node) => {
    const result = attribute(node, 'name') ?? '';
    const expected = child(node, 'expected');
    const wanted = expected ? valueOf(expected) : null;
    const { value, error } = evaluate(compiled, attribute(testCase, 'invocableName') ?? result, result, inputs);
    const difference = `expected ${show(wanted)}, but got ${show(value)}${error}`;
    return { folder: name, testCase: id, name: result, passed: isSame(wanted, value), difference };
  });
}

/** Nothing here depends on the time of day: the kit compares `now()` with itself. */
const expressions = createExpressions({ now: () => Date.UTC(2026, 0, 31, 8), sla: () => undefined, timeZone: 'UTC' });

/** A decision that is refused or fails has no value: in DMN null. */
function evaluate(
  compiled: DecisionCompilation,
  entry: string,
  result: string,
  inputs: Record<string, unknown>,
): { value: unknown; error: string } {
  const decision = compiled.decisions.find(({ model }) => model.name === entry);
  if (!decision)
    return { value: undefined, error: ` (no decision ${entry}: ${compiled.problems.map(({ messages }) => messages.en).join(' ')})` };
  const { model, problems } = decision;
  if (problems.length > 0) return { value: null, error: ` (refused: ${problems.map(({ messages }) => messages.en).join(' ')})` };
  const absent = model.parts.flatMap((part) => (part.kind === 'input' ? [[part.name, null]] : []));
  try {
    const value = decisionValue(model, contextOf({ ...Object.fromEntries(absent), ...inputs }), expressions);
    const service = model.parts.at(-1)?.kind === 'service';
    return {
      value:
        service && kindOf(value) === 'context' && Object.hasOwn(value as object, result)
          ? (value as Record<string, unknown>)[result]
          : value,
      error: '',
    };
  } catch (error) {
    if (error instanceof Failure) return { value: null, error: ` (${error.code}: ${error.message})` };
    throw error;
  }
}

/** FEEL values as variables: dates are dates. */
function contextOf(values: Record<string, unknown>): EvaluationContext {
  const { context } = aContext();
  return {
    ...context,
    variable: (name) => (Object.hasOwn(values, name) ? { type: 'Json', value: values[name] as never } : undefined),
    variableNames: () => Object.keys(values),
  };
}

const child = (node: XmlNode, name: string) => node.children.find((each) => each.name === `${TCK}${name}`);
const children = (node: XmlNode, name: string) => node.children.filter((each) => each.name === `${TCK}${name}`);
const attribute = (node: XmlNode, name: string) => node.attributes.get(`{}${name}`);
const isNil = (node: XmlNode) => node.attributes.get(`${XSI}nil`) === 'true';

/** A value, a list or a context of components. */
function valueOf(node: XmlNode): unknown {
  const [value, list, components] = [child(node, 'value'), child(node, 'list'), children(node, 'component')];
  if (components.length > 0) return Object.fromEntries(components.map((each) => [attribute(each, 'name') ?? '', valueOf(each)]));
  if (list) return isNil(list) ? null : children(list, 'item').map(valueOf);
  if (!value || isNil(value)) return null;
  return simpleValue(value.attributes.get(`${XSI}type`)?.replace(XSD, '') ?? '', value.text);
}

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  string: (text) => text,
  boolean: (text) => text.trim() === 'true',
  decimal: Number,
  double: Number,
  date: readDate,
  time: readTime,
  dateTime: readDateTime,
  duration: readDuration,
};

function simpleValue(type: string, text: string): unknown {
  const value = (readers[type] ?? ((plain: string) => plain))(type === 'string' ? text : text.trim());
  return value ?? `a ${type} that cannot be read: ${text}`;
}

/** Numbers may differ in the ninth place: the kit's are decimal. */
function isSame(wanted: unknown, value: unknown): boolean {
  if (wanted === null) return value === null;
  const kind = kindOf(wanted);
  if (kindOf(value) !== kind) return false;
  switch (kind) {
    case 'number':
      return Math.abs((wanted as number) - (value as number)) <= 1e-8 * Math.max(1, Math.abs(wanted as number));
    case 'string':
    case 'boolean':
      return wanted === value;
    case 'list':
      return isSameList(wanted as unknown[], value as unknown[]);
    case 'context':
      return isSameContext(wanted as Record<string, unknown>, value as Record<string, unknown>);
    default:
      return compare(wanted, value) === 0;
  }
}

const isSameList = (wanted: unknown[], value: unknown[]) =>
  wanted.length === value.length && wanted.every((item, index) => isSame(item, value[index]));

function isSameContext(wanted: Record<string, unknown>, value: Record<string, unknown>): boolean {
  const names = Object.keys(wanted);
  return (
    names.length === Object.keys(value).length && names.every((name) => Object.hasOwn(value, name) && isSame(wanted[name], value[name]))
  );
}

const show = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (kindOf(value) === 'context')
    return `{${Object.entries(value as object)
      .map(([name, entry]) => `${name}: ${show(entry)}`)
      .join(', ')}}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
};
