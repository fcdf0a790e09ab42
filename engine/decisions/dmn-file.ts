import type { Expression } from '#engine/core/model.ts';
import { many, text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { placeProblem, problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import type { ProblemCode } from '#engine/definitions/problem-texts.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { checkFeel } from '#engine/expressions/feel/check-feel.ts';
import { createTypeReader } from './compile-types.ts';
import type { TypeReader } from './compile-types.ts';

/** One file while it is compiled. */
export interface DmnFile {
  /** Decisions, input data, business knowledge models and services by id. */
  elements: ReadonlyMap<string, ModdleElement>;
  namespace: string;
  /** The file that is deployed has plain ids; those of imported files have their namespace before them. */
  isMain: boolean;
  /** Files that it imports, by the name of the import. */
  imports: ReadonlyMap<string, DmnFile>;
  types: TypeReader;
  /** Names with spaces or signs, of all files. */
  names: readonly string[];
  report: (elementId: string, code: ProblemCode, values?: Record<string, string | number>) => void;
  /** Checks an expression or a unary test; returns it for convenience. */
  checked: (expression: Expression, sort: 'expression' | 'unaryTests', elementId: string) => Expression;
}

/** @param add takes each problem */
export function openFiles(main: ModdleElement, others: ModdleElement[], add: (found: Problem) => void): DmnFile {
  const names = [...new Set([main, ...others].flatMap(namesIn))].filter((name) => /[\s./\-'+*]/.test(name));
  const opened = new Map<ModdleElement, DmnFile>();
  const byNamespace = new Map(others.map((other) => [text(other, 'namespace') ?? '', other]));

  function open(definitions: ModdleElement): DmnFile {
    const imports = new Map<string, DmnFile>();
    const file: DmnFile = {
      elements: new Map(many(definitions, 'drgElement').map((element) => [element.id ?? '', element])),
      namespace: text(definitions, 'namespace') ?? '',
      isMain: definitions === main,
      imports,
      types: createTypeReader(definitions, imports),
      names,
      report: (elementId, code, values) => add(problem(elementId, code, values)),
      checked(expression, sort, elementId) {
        const found = expression.language === 'feel' ? checkFeel(expression.source, sort, names) : checkExpression(expression);
        if (found) add(placeProblem(found, elementId));
        return expression;
      },
    };
    opened.set(definitions, file);
    for (const each of many(definitions, 'import')) {
      const imported = byNamespace.get(text(each, 'namespace') ?? '');
      if (imported) imports.set(text(each, 'name') ?? '', opened.get(imported) ?? open(imported));
    }
    return file;
  }
  return open(main);
}

/** Every `name` in the file: variables, parameters, components of types, columns. */
function namesIn(element: ModdleElement): string[] {
  const own = [text(element, 'name'), text(element, 'iteratorVariable')].filter((name) => name !== undefined);
  const inner = Object.entries(element).flatMap(([key, value]) => (key.startsWith('$') ? [] : Array.isArray(value) ? value : [value]));
  return [...own, ...inner.filter(isElement).flatMap(namesIn)];
}

const isElement = (value: unknown): value is ModdleElement => typeof value === 'object' && value !== null && '$type' in value;
