import { Ajv2020 } from 'ajv/dist/2020.js';
import { _ } from 'ajv/dist/compile/codegen/index.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { FormDefinition, JsonSchema } from '#forms/runtime/form.ts';
import { conditionSchemas } from '#forms/runtime/conditions.ts';
import { formats } from '#forms/runtime/formats.ts';
import { compilePattern } from '#forms/runtime/patterns.ts';

/** Where the generated module finds what it shares with all others, relative to itself. */
export interface SupportUrls {
  validatorSupport: string;
  patterns: string;
}

const AJV_RUNTIME = /^const (\w+) = require\("ajv\/dist\/runtime\/(equal|ucs2length)"\)\.default;$/gm;

/**
 * The form's validator as an ES module without eval: exports `validate` and `conditions`.
 * @throws Error when ajv refuses the schema; the message says what and where
 */
export function generateValidator(form: FormDefinition, urls: SupportUrls): string {
  // a new ajv for each form: its cache of schemas by $id never mixes forms
  const regExp = Object.assign((pattern: string) => compilePattern(pattern), { code: 'compilePattern' });
  const ajv = new Ajv2020({
    allErrors: true,
    ownProperties: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    messages: false,
    code: { source: true, esm: true, lines: true, formats: _`formats`, regExp },
  });
  for (const [name, check] of Object.entries(formats)) ajv.addFormat(name, check);
  const conditions = conditionSchemas(form.ui);
  ajv.addSchema(withoutId(form.schema), 'form');
  conditions.forEach((schema, index) => ajv.addSchema(withoutId(schema), `condition${index}`));
  const names = ['validate', ...conditions.map((_schema, index) => `condition${index}`)];
  const body = standaloneCode.default(ajv, Object.fromEntries(names.map((name) => [name, name === 'validate' ? 'form' : name])));
  const code = body.replace(AJV_RUNTIME, 'const $1 = $2;').replace('"use strict";', '');
  if (/^const \w+ = require\(/m.test(code)) throw new Error('Expected a schema that needs no further modules, but its validator does');
  const imports = [`import { equal, formats, ucs2length } from ${JSON.stringify(urls.validatorSupport)};`];
  if (/^const \w+ = compilePattern;$/m.test(code)) imports.push(`import { compilePattern } from ${JSON.stringify(urls.patterns)};`);
  return `${imports.join('\n')}\n${code}\nexport const conditions = [${names.slice(1).join(', ')}];\n`;
}

function withoutId(schema: JsonSchema): JsonSchema {
  const { $id: _id, $schema: _schema, ...rest } = schema;
  return rest;
}
