import { parseDate } from '#engine/expressions/iso-date.ts';
import { typed, type JsonValue, type TypedValue, type Variables } from '#engine/core/values.ts';
import { RequestError } from '#engine/errors.ts';
import type { LoadedForm } from '#engine/forms/forms-service.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { findForm } from '#engine/store/definition-store.ts';
import { permissionsFrom, type Permissions } from '#forms/runtime/permissions.ts';

/** Where the browser finds the form; both addresses are immutable. */
export interface FormRef {
  key: string;
  version: number;
  hash: string;
  definitionUrl: string;
  moduleUrl: string;
}
export interface OpenForm {
  ref: FormRef;
  form: LoadedForm;
}

/** The form behind a form key for a district: its own version, else the shared one. @throws RequestError 404 `FORM_NOT_FOUND` */
export async function openForm({ store, forms }: RouteContext, formKey: string | null, tenant: string): Promise<OpenForm | null> {
  if (formKey === null || formKey === '') return null;
  const row = await store.query(findForm(formKey, tenant));
  if (!row) throw new RequestError(404, 'FORM_NOT_FOUND', `Expected a deployed form ${formKey}, but there is none`, { key: formKey });
  const { key, version, hash } = row;
  return { ref: { key, version, hash, ...forms.urls(hash) }, form: await forms.load(row) };
}

/** What a person may see of an open form. */
export function viewOf(open: OpenForm | null, variables: Variables, properties: Readonly<Record<string, string>>) {
  const permissions = permissionsFrom(properties);
  if (!open) return { form: null, data: {}, permissions };
  return { form: open.ref, data: open.form.dataFor(plainData(variables), permissions), permissions };
}

/** The variables that a submission writes. @throws RequestError 422 with one entry per field in `errors` */
export function acceptedVariables(
  open: OpenForm | null,
  submitted: Record<string, unknown>,
  previous: Variables,
  permissions: Permissions,
  { locale }: Pick<Principal, 'locale'>,
): Variables {
  if (!open) {
    const unknown = Object.keys(submitted).map((name) => ({ pointer: `/${name}`, keyword: 'unknown', message: name }));
    if (unknown.length > 0) throw formInvalid(unknown);
    return {};
  }
  const { data, errors } = open.form.accept(plainData(previous), submitted, permissions, locale);
  if (errors.length > 0) throw formInvalid(errors);
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, typedLike(previous[name], value)]));
}

/** Process variables as form data: a form's top-level properties are variables of the same name. */
export function plainData(variables: Variables): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [name, { type, value, info }] of Object.entries(variables)) {
    if (type === 'File' || type === 'Bytes') continue;
    const isSerialized =
      type === 'Object' && typeof value === 'string' && (info?.['serializationDataFormat'] ?? '').startsWith('application/json');
    data[name] = isSerialized ? (JSON.parse(value as string) as unknown) : value;
  }
  return data;
}

/** A date or a whole number stored as Double keeps its type when the form changes its value. */
function typedLike(before: TypedValue | undefined, value: unknown): TypedValue {
  if (before?.type === 'Date' && typeof value === 'string' && parseDate(value) !== null) return { type: 'Date', value };
  if (before && (before.type === 'Double' || before.type === 'Long') && typeof value === 'number') return { type: before.type, value };
  return typed(value as JsonValue);
}

const formInvalid = (errors: object[]) =>
  new RequestError(422, 'FORM_INVALID', 'Expected the submitted data to fit the form, but it does not', { errors });
