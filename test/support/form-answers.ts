import { typed, type TypedValue } from '#engine/core/values.ts';
import type { FormData, Locale } from '#forms/runtime/form.ts';
import { isAccess, type Permissions } from '#forms/runtime/permissions.ts';
import type { FormError } from '#forms/runtime/form.ts';
import type { FormsService, LoadedForm, StoredForm } from '#engine/forms/forms-service.ts';

export interface FormReference {
  key: string;
  version: number;
  hash: string;
}

export interface FormInput {
  variables: Readonly<Record<string, TypedValue>>;
  /** Field name → access as the model declares it. */
  access: Readonly<Record<string, string>>;
  locale: Locale;
}

/** Forms as task and start pages need them: in terms of process variables, by form key and district. */
export interface FormAnswers {
  /** A form, or one of the modules that all forms share (its content is then `null`). */
  formByHash(hash: string): Promise<(StoredForm & { tenant: string }) | null>;
  formByKey(key: string, tenant: string): Promise<FormReference | null>;
  prefill(form: FormReference, input: FormInput): Promise<{ data: FormData; permissions: Record<string, string> }>;
  accept(
    form: FormReference,
    input: FormInput & { submitted: Record<string, unknown> },
  ): Promise<{ variables: Record<string, TypedValue>; errors: FormError[] }>;
}

export interface FormAnswersOptions {
  forms: FormsService;
  find: (hash: string) => Promise<(StoredForm & { tenant: string }) | null>;
  /** The district's own version, else the shared one. */
  findByKey: (key: string, tenant: string) => Promise<FormReference | null>;
}

export function createFormAnswers({ forms, find, findByKey }: FormAnswersOptions): FormAnswers {
  async function load({ hash, key }: FormReference): Promise<LoadedForm> {
    const stored = await find(hash);
    if (!stored) throw new Error(`Expected form ${key} ${hash} to be stored, but it is not`);
    return forms.load(stored);
  }

  return {
    async formByHash(hash) {
      const shared = forms.sharedModule(hash);
      if (shared !== null) return { hash, tenant: '', content: 'null', module: shared };
      const stored = await find(hash);
      return stored && { ...stored, module: await forms.moduleOf(stored) };
    },
    formByKey: findByKey,
    async prefill(form, { variables, access }) {
      const permissions = permissionsOf(access);
      return { data: (await load(form)).dataFor(plain(variables), permissions), permissions };
    },
    async accept(form, { variables, access, locale, submitted }) {
      const { data, errors } = (await load(form)).accept(plain(variables), submitted, permissionsOf(access), locale);
      return { variables: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, typed(value)])), errors };
    },
  };
}

/** An unknown word means hidden, the safe side. */
function permissionsOf(access: Readonly<Record<string, string>>): Permissions {
  return Object.fromEntries(Object.entries(access).map(([name, word]) => [name, isAccess(word) ? word : 'hidden']));
}

function plain(variables: Readonly<Record<string, TypedValue>>): FormData {
  return Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));
}
