import { problemTexts } from './problem-texts.ts';
import type { ProblemCode } from './problem-texts.ts';

/** Why a deployment is refused, in words that tell the person at the modeller what to do. */
export interface Problem {
  /** Id of the BPMN or DMN element; null when the whole file is meant. */
  elementId: string | null;
  code: string;
  messages: { 'zh-CN': string; en: string };
}

/** A problem with its sentences filled in; `{name}` in a sentence is replaced by `values.name`. */
export function problem(elementId: string | null, code: ProblemCode, values: Record<string, string | number> = {}): Problem {
  const [zh, en] = problemTexts[code];
  // Without an id the mark stays, for `placeProblem`.
  const all = { element: elementId ?? '{element}', ...values };
  return { elementId, code, messages: { 'zh-CN': fill(zh, all), en: fill(en, all) } };
}

/** Names the element in a problem that was found without knowing where the text stands. */
export function placeProblem(found: Problem, elementId: string): Problem {
  const name = (message: string) => message.replaceAll('{element}', elementId);
  return { ...found, elementId, messages: { 'zh-CN': name(found.messages['zh-CN']), en: name(found.messages.en) } };
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]).slice(0, 200) : whole));
}
