import { readFileSync, readdirSync } from 'node:fs';
import { compileProcesses } from '#engine/definitions/compile-process.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { conformanceFolder } from './conformance-folder.ts';

interface SpectorCase {
  /** `<rule number>/<name>.bpmn` */
  file: string;
  valid: boolean;
}
/** The codes under which each rule is reported, by its number, and those that a valid model may be refused for. */
export interface Rules {
  codes: ReadonlyMap<string, { code: string; severity: string }[]>;
  refusals: ReadonlySet<string>;
}
export interface SpectorResult {
  models: number;
  valid: number;
  missed: string[];
  alarms: string[];
  /** Valid models that the engine does not run all the same, by the code that says why. */
  refused: Map<string, number>;
}

/** The tables of docs/bpmn-checks.md. */
export function readRules(): Rules {
  const page = readFileSync(new URL('../../docs/bpmn-checks.md', import.meta.url), 'utf8');
  const [rules = '', refusals = ''] = page.split('## What a valid model may be refused for');
  const codes = new Map<string, { code: string; severity: string }[]>();
  for (const [, numbers = '', severity = '', cell = ''] of rules.matchAll(/^\| ([\d, ]+) \|[^|]*\| (error|warning) \| ([^|]*) \|/gm)) {
    const named = [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => ({ code, severity }));
    for (const number of numbers.split(', ')) codes.set(number, [...(codes.get(number) ?? []), ...named]);
  }
  return { codes, refusals: new Set([...refusals.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code)) };
}

const folder = new URL('bpmnspector/', conformanceFolder);

export const bpmnspector = {
  folder,
  async run({ codes, refusals }: Rules): Promise<SpectorResult> {
    const cases = new Map(
      (JSON.parse(readFileSync(new URL('cases.json', folder), 'utf8')) as SpectorCase[]).map((each) => [each.file, each]),
    );
    const result: SpectorResult = { models: cases.size, valid: 0, missed: [], alarms: [], refused: new Map() };
    for (const { file, valid } of cases.values()) {
      const problems = await problemsOf(file);
      const rule = codes.get(file.slice(0, 3)) ?? [];
      if (!valid) {
        const drawn = !read(file).includes('isExecutable="true"');
        const fits = (found: Problem) =>
          rule.some(({ code, severity }) => code === found.code && (drawn ? 'warning' : severity) === found.severity);
        if (!problems.some(fits)) result.missed.push(describeProblems(file, problems));
        continue;
      }
      result.valid++;
      const allowed = (code: string) =>
        (refusals.has(code) || code.startsWith('UNSUPPORTED_')) && !rule.some((each) => each.code === code && !refusals.has(code));
      const wrong = problems.filter(({ code }) => !allowed(code));
      if (wrong.length > 0) result.alarms.push(describeProblems(file, wrong));
      for (const code of new Set(problems.filter(({ severity }) => severity === 'error').map((each) => each.code)))
        result.refused.set(code, (result.refused.get(code) ?? 0) + 1);
    }
    return result;
  },
};

async function problemsOf(file: string): Promise<Problem[]> {
  const [directory = ''] = file.split('/');
  const beside = new Set(readdirSync(new URL(`resources/${directory}/`, folder)));
  const { problems } = await compileProcesses(read(file), {
    checkExpression,
    otherFile: (name) => (beside.has(name) ? read(`${directory}/${name}`) : undefined),
  });
  return problems;
}

const read = (file: string) => readFileSync(new URL(`resources/${file}`, folder), 'utf8');

const describeProblems = (file: string, problems: Problem[]) =>
  `${file}: ${problems.map(({ code, elementId }) => `${code} ${elementId}`).join(', ')}`;
