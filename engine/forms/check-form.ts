import { compileForm, type FormPlan } from '#forms/runtime/compile-form.ts';
import { conditionSchemas } from '#forms/runtime/conditions.ts';
import { LOCALES, type FormDefinition } from '#forms/runtime/form.ts';
import { isAccess, type Permissions } from '#forms/runtime/permissions.ts';
import { isPlainObject } from '#forms/runtime/pointers.ts';
import { checkLayout, checkLayoutShape, checkMessages } from './check-layout.ts';
import { checkSchema } from './check-schema.ts';
import { problem, type Problem } from './problem.ts';

/** Bytes of a form's JSON. */
export const MAX_FORM_LENGTH = 512 * 1024;

/** Everything that can be said about a form without compiling its schema; [] = nothing against it. */
export function checkForm(form: FormDefinition): Problem[] {
  if (!isPlainObject(form) || !isPlainObject(form.messages) || LOCALES.some((locale) => !isPlainObject(form.messages[locale]))) {
    return [problem(null, 'FORM_MESSAGE_MISSING', '缺少 schema、ui 或 zh-CN、en 文字', 'Expected schema, ui, and the texts zh-CN and en')];
  }
  const shape = [...checkSchema(form.schema), ...checkLayoutShape(form.ui), ...checkRoot(form)];
  if (shape.length > 0) return shape;
  const plan = planUnchecked(form);
  return [...checkLayout(plan), ...checkMessages(plan)];
}

function checkRoot({ schema }: FormDefinition): Problem[] {
  const isObject = schema.type === 'object' && isPlainObject(schema.properties);
  return isObject
    ? []
    : [
        problem(
          'schema/type',
          'FORM_SCHEMA_INVALID',
          '顶层应为 type: object 及 properties',
          'Expected type object with properties at the top',
        ),
      ];
}

/** Field names that a process gives permissions for must be fields of the form. */
export function checkPermissions(form: FormDefinition, permissions: Readonly<Record<string, string>>): Problem[] {
  const plan = planUnchecked(form);
  return Object.entries(permissions).flatMap(([name, access]) => {
    const isField = name === '*' || plan.fields.has(`/${name}`) || plan.objects.has(`/${name}`);
    if (isField && isAccess(access)) return [];
    return [
      problem(
        name,
        'FORM_PERMISSION_INVALID',
        `字段 ${name} 的权限 ${access} 无效`,
        `Expected a field and a known access, but found ${name}: ${access}`,
      ),
    ];
  });
}

export type { Permissions };

/** A plan for looking only: its conditions are never asked. */
function planUnchecked(form: FormDefinition): FormPlan {
  return compileForm(
    form,
    conditionSchemas(form.ui).map(() => () => true),
  );
}
