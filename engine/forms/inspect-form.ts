import type { FormDefinition } from '#forms/runtime/form.ts';
import { checkForm } from './check-form.ts';
import { generateValidator, type SupportUrls } from './generate-validator.ts';
import { problem, type Problem } from './problem.ts';

export interface Inspection {
  problems: Problem[];
  /** null when there are problems. */
  code: string | null;
}

/** Checks a form and, when nothing is against it, generates its validator module. Runs in the worker: it may take long. */
export function inspectForm(form: FormDefinition, urls: SupportUrls): Inspection {
  const problems = checkForm(form);
  if (problems.length > 0) return { problems, code: null };
  try {
    return { problems, code: generateValidator(form, urls) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      problems: [problem('schema', 'FORM_SCHEMA_INVALID', `模式无法编译：${reason}`, `Expected a schema that compiles, but: ${reason}`)],
      code: null,
    };
  }
}
