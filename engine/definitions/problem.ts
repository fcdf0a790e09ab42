import { problemTexts } from './problem-texts.ts';
import type { ProblemCode } from './problem-texts.ts';
import { warningTexts } from './warning-texts.ts';
import type { WarningCode } from './warning-texts.ts';

/** An error refuses the deployment; a warning comes with it: the model runs, but probably not as its author means. */
export type Severity = 'error' | 'warning';

/** What is wrong with a model, in words that tell the person at the modeller what to do. */
export interface Problem {
  /** Id of the BPMN or DMN element; null when the whole file is meant. */
  elementId: string | null;
  code: string;
  severity: Severity;
  messages: { 'zh-CN': string; en: string };
}

/** A problem with its sentences filled in; `{name}` in a sentence is replaced by `values.name`. */
export function problem(elementId: string | null, code: ProblemCode | WarningCode, values: Record<string, string | number> = {}): Problem {
  const [zh, en] = isWarning(code) ? warningTexts[code] : problemTexts[code];
  // Without an id the mark stays, for `placeProblem`.
  const all = { element: elementId ?? '{element}', ...values };
  return { elementId, code, severity: isWarning(code) ? 'warning' : 'error', messages: { 'zh-CN': fill(zh, all), en: fill(en, all) } };
}

/** Names the element in a problem that was found without knowing where the text stands. */
export function placeProblem(found: Problem, elementId: string): Problem {
  const name = (message: string) => message.replaceAll('{element}', elementId);
  return { ...found, elementId, messages: { 'zh-CN': name(found.messages['zh-CN']), en: name(found.messages.en) } };
}

export const isError = ({ severity }: Problem): boolean => severity === 'error';

/** Nobody reads more; errors come first, so that none is hidden behind warnings. */
const MOST_PROBLEMS = 300;

export function mostImportant(problems: Problem[]): Problem[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  const sorted = [...problems.filter(isError), ...problems.filter((each) => !isError(each))];
  return [...sorted.slice(0, MOST_PROBLEMS), problem(null, 'PROBLEMS_LEFT_OUT', { count: problems.length - MOST_PROBLEMS })];
}

const isWarning = (code: ProblemCode | WarningCode): code is WarningCode => Object.hasOwn(warningTexts, code);

function fill(text: string, values: Record<string, string | number>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]).slice(0, 200) : whole));
}
