import type { GeneratedForm } from './form-data.ts';
import type { ModdleElement } from './moddle-element.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import type { ProblemCode } from './problem-texts.ts';
import type { WarningCode } from './warning-texts.ts';

/** What the parts of the compiler share while one process is compiled. */
export interface Compilation {
  process: ModdleElement;
  problems: Problem[];
  /** Made of `camunda:formData`. */
  forms: GeneratedForm[];
  /** Index of every flow node of the process. */
  indexOf: ReadonlyMap<ModdleElement, number>;
  report: (elementId: string, code: ProblemCode | WarningCode, values?: Record<string, string | number>) => void;
}

export function createCompilation(process: ModdleElement, indexOf: ReadonlyMap<ModdleElement, number>): Compilation {
  const problems: Problem[] = [];
  return { process, problems, forms: [], indexOf, report: (elementId, code, values) => void problems.push(problem(elementId, code, values)) };
}
