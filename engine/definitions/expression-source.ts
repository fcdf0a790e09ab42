import type { Expression } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** `=…` is FEEL, text with `${…}` or `#{…}` is JUEL, everything else a literal. */
export function expressionOf(source: string): Expression {
  if (source.startsWith('=')) return { language: 'feel', source: source.slice(1).trim() };
  if (/[$#]\{/.test(source)) return { language: 'juel', source };
  return { language: 'literal', value: source };
}

/** An attribute that may hold an expression. */
export function attribute(element: ModdleElement, name: string): Expression | undefined {
  const source = text(element, name);
  return source === undefined ? undefined : expressionOf(source);
}

/** `camunda:jobPriority` or `camunda:taskPriority` of `holder`, else of the process: a whole number or an expression. */
export function priorityOf(holder: ModdleElement, name: string, ownerId: string, compilation: Compilation): Expression | undefined {
  const priority = attribute(holder, name) ?? attribute(compilation.process, name);
  if (priority?.language === 'literal' && !/^[+-]?\d{1,15}$/.test(priority.value))
    compilation.report(ownerId, 'PRIORITY_INVALID', { value: priority.value });
  return priority;
}

/** `bpmn:FormalExpression` with its `language` attribute (conditions, cardinalities, timers). */
export function formalExpression(expression: ModdleElement, ownerId: string, compilation: Compilation): Expression | undefined {
  const source = text(expression, 'body');
  if (text(expression, 'camunda:resource')) {
    compilation.report(ownerId, 'SCRIPT_MISSING');
    return undefined;
  }
  if (source === undefined) return undefined;
  const language = text(expression, 'language');
  // Modellers write the namespace of the model's expression language here, e.g. an XPath URI, without meaning it.
  if (language === undefined || language.includes('/')) return expressionOf(source);
  return scriptExpression(language, source, ownerId, compilation);
}

/** A script body in a named language; other languages than JavaScript, FEEL and JUEL are reported. */
export function scriptExpression(
  language: string | undefined,
  source: string,
  ownerId: string,
  compilation: Compilation,
): Expression | undefined {
  switch (language?.toLowerCase() ?? '') {
    case 'javascript':
    case 'ecmascript':
    case 'js':
    case 'text/javascript':
    case 'application/javascript':
      return { language: 'javascript', source };
    case 'feel':
      return { language: 'feel', source: source.startsWith('=') ? source.slice(1).trim() : source };
    case 'juel':
      return { language: 'juel', source };
    default:
      compilation.report(ownerId, 'SCRIPT_LANGUAGE', { name: language ?? '' });
      return undefined;
  }
}

/** A comma-separated list whose commas inside `${…}` do not separate. */
export function splitList(source: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= source.length; i++) {
    const char = source[i];
    if (char === '{' || char === '(') depth++;
    else if (char === '}' || char === ')') depth--;
    else if (char === undefined || (char === ',' && depth <= 0)) {
      parts.push(source.slice(from, i).trim());
      from = i + 1;
    }
  }
  return parts.filter((part) => part !== '');
}

export function expressionList(element: ModdleElement, name: string): Expression[] {
  const source = text(element, name);
  if (source === undefined) return [];
  return source.startsWith('=') ? [expressionOf(source)] : splitList(source).map(expressionOf);
}
