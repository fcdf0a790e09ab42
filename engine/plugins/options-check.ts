import { Ajv2020 } from 'ajv/dist/2020.js';
import { checkForm } from '#engine/forms/check-form.ts';
import { compileForm } from '#forms/runtime/compile-form.ts';
import { conditionSchemas } from '#forms/runtime/conditions.ts';
import type { FormDefinition, Locale, SchemaError } from '#forms/runtime/form.ts';
import { formats } from '#forms/runtime/formats.ts';
import { errorText } from '#forms/runtime/messages.ts';
import { compilePattern } from '#forms/runtime/patterns.ts';
import { joinPointer } from '#forms/runtime/pointers.ts';

export interface OptionsError {
  /** JSON pointer into the options. */
  pointer: string;
  message: Record<Locale, string>;
}

/** Checks options by the plugin's schema. `open` = pointers of values that are not known yet; nothing is said about them. */
export type CheckOptions = (options: unknown, open?: readonly string[]) => OptionsError[];

/** ajv reports these for the branches of a choice; the choice itself is reported too. */
const BRANCH = /\/(anyOf|oneOf|not|contains|propertyNames)\/|\/if$/;
/** With open values a choice may still come out right. */
const CHOICE = /\/(anyOf|oneOf|not|contains|then|else)(\/|$)/;
/** What an object or list can be told although some of its values are open. */
const OF_THE_SHAPE = new Set(['required', 'additionalProperties', 'type', 'minItems', 'maxItems', 'minProperties', 'maxProperties']);

/** Compiled once, when the plugin is loaded; nothing is compiled when a task runs. @throws Error naming each fault of the form */
export function compileOptions(form: FormDefinition): CheckOptions {
  const problems = checkForm(form);
  if (problems.length > 0)
    throw new Error(
      `Expected the form of the options to be right, but ${problems.map(({ elementId, messages }) => `${elementId}: ${messages.en}`).join('; ')}`,
    );
  const regExp = Object.assign((pattern: string) => compilePattern(pattern), { code: 'compilePattern' });
  const ajv = new Ajv2020({
    allErrors: true,
    ownProperties: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    messages: false,
    code: { regExp },
  });
  for (const [name, check] of Object.entries(formats)) ajv.addFormat(name, check);
  const validate = ajv.compile(form.schema);
  const plan = compileForm(
    form,
    conditionSchemas(form.ui).map(() => () => true),
  );

  return (options, open = []) => {
    if (validate(options)) return [];
    const errors = new Map<string, OptionsError>();
    for (const error of (validate.errors ?? []) as SchemaError[]) {
      if (BRANCH.test(error.schemaPath) || isOpen(error, open)) continue;
      const pointer = pointerOf(error);
      const text = (locale: Locale) => errorText(plan, pointer, error.keyword, error.params, locale);
      if (!errors.has(pointer)) errors.set(pointer, { pointer, message: { 'zh-CN': text('zh-CN'), en: text('en') } });
    }
    return [...errors.values()];
  };
}

function isOpen({ instancePath, schemaPath, keyword }: SchemaError, open: readonly string[]): boolean {
  if (open.length === 0) return false;
  if (open.some((pointer) => instancePath === pointer || instancePath.startsWith(`${pointer}/`))) return true;
  if (CHOICE.test(schemaPath)) return true;
  return !OF_THE_SHAPE.has(keyword) && open.some((pointer) => pointer.startsWith(`${instancePath}/`));
}

function pointerOf({ instancePath, params }: SchemaError): string {
  const name = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof name === 'string' ? joinPointer(instancePath, name) : instancePath;
}
