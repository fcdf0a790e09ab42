import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { invalidInput } from '#engine/errors.ts';

export type Check = (value: unknown) => void;

/** One compiler per app; schemas are compiled when routes are mounted, never on a request. */
export function createCompiler(): { query: (schema: object) => Check; body: (schema: object) => Check } {
  const ajv = new Ajv2020({ strict: true, ownProperties: true, allErrors: false, allowUnionTypes: true, validateFormats: false });
  return {
    query: (schema) => checkWith(ajv.compile(schema), 'QUERY_INVALID', 'the query'),
    body: (schema) => checkWith(ajv.compile(schema), 'BODY_INVALID', 'the body'),
  };
}

function checkWith(validate: ValidateFunction, code: string, what: string): Check {
  return (value) => {
    if (validate(value)) return;
    const problem = describe(validate.errors?.[0]);
    throw invalidInput(code, `Expected ${what} to match its schema, but ${problem}`, { problem });
  };
}

function describe(error: ErrorObject | undefined): string {
  if (!error) return 'it does not';
  const extra = error.params['additionalProperty'] ?? error.params['unevaluatedProperty'];
  const where = error.instancePath || '/';
  if (typeof extra === 'string') return `${where} has the unknown property ${extra.slice(0, 60)}`;
  const allowed = error.params['allowedValues'];
  if (Array.isArray(allowed)) return `${where} must be one of ${allowed.join(', ')}`;
  return `${where} ${error.message ?? 'is not valid'}`;
}
