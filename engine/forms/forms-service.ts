import { acceptSubmission, type Submission } from '#forms/runtime/accept-submission.ts';
import { compileForm, type FormPlan } from '#forms/runtime/compile-form.ts';
import type { FormData, FormDefinition, Locale, ValidatorModule } from '#forms/runtime/form.ts';
import type { Permissions } from '#forms/runtime/permissions.ts';
import { visibleData } from '#forms/runtime/plan-fields.ts';
import { summaryText } from '#forms/runtime/summary.ts';
import { InvariantError, RequestError } from '#engine/errors.ts';
import { createFormCompiler } from './form-compiler.ts';
import { openModuleCache } from './module-cache.ts';
import type { Problem } from './problem.ts';
import { bundleSupportModules, hashOf, type SupportModules } from './support-modules.ts';

/** What `form_definition` keeps of a form. */
export interface StoredForm {
  /** SHA-256 of `content`. */
  hash: string;
  /** `{schema, ui, messages}` as JSON. */
  content: string;
  /** The validator as an ES module. */
  module: string;
}

export interface PreparedForm {
  problems: Problem[];
  /** null when there are problems. */
  form: StoredForm | null;
}

/** A form ready to decide about submissions; kept in memory by hash. */
export interface LoadedForm {
  hash: string;
  plan: FormPlan;
  /** What may be sent to the browser of somebody with these permissions. */
  dataFor(data: FormData, permissions: Permissions): FormData;
  accept: (previous: FormData, submitted: unknown, permissions: Permissions, locale: Locale) => Submission;
  summary(data: FormData, locale: Locale): string;
}

export interface FormAsset {
  type: 'application/json' | 'text/javascript';
  body: string;
}

export interface FormsService {
  /** Deploy time: checks and compiles in a worker with a time limit. */
  prepare(definition: FormDefinition): Promise<PreparedForm>;
  load(form: StoredForm): Promise<LoadedForm>;
  /** URLs of a form for the browser; they change when the form or the code that browsers share changes, so both are immutable. */
  urls(hash: string): { definitionUrl: string; moduleUrl: string };
  /** Body of `/api/forms/<file>`: `<hash>.json`, `<hash>.js` of a form, or `<hash>.js` of a shared module. @throws RequestError 404 */
  asset(file: string): Promise<FormAsset>;
  /** Code of a module that all forms share; null when the hash is none of theirs. */
  sharedModule(hash: string): string | null;
  /** The form's validator module, generated again when an earlier release made it. */
  moduleOf(form: StoredForm): Promise<string>;
  close(): Promise<void>;
}

export interface FormsOptions {
  /** For validator modules as files; under the data directory. */
  cacheDir: string;
  /** Looks a form up in `form_definition`, whatever its key, version and tenant: content with the same hash is the same. */
  find: (hash: string) => Promise<StoredForm | null>;
  timeLimitMs?: number;
}

const MAX_LOADED = 500;

/** The Node side of forms: deploy-time checks, validator modules, and what routes need at run time. */
export async function createFormsService({ cacheDir, find, timeLimitMs = 2000 }: FormsOptions): Promise<FormsService> {
  const [support, cache] = await Promise.all([bundleSupportModules(), openModuleCache(cacheDir)]);
  await Promise.all([...support.byHash].map(([hash, code]) => cache.write(hash, code)));
  const compiler = createFormCompiler({ timeLimitMs });
  const generation = hashOf([...support.byHash.keys()].join()).slice(0, 8);
  const loaded = new Map<string, Promise<LoadedForm>>();

  async function prepare(definition: FormDefinition): Promise<PreparedForm> {
    const { problems, code } = await compiler.inspect(definition, support.urls);
    if (code === null) return { problems, form: null };
    const { schema, ui, messages } = definition;
    const content = JSON.stringify({ schema, ui, messages });
    return { problems, form: { hash: hashOf(content), content, module: code } };
  }

  /** A module of an earlier release imports shared modules that are gone: it is generated again from the content. */
  async function currentModule(form: StoredForm): Promise<string> {
    if (isCurrent(form.module, support)) return form.module;
    const prepared = await prepare(JSON.parse(form.content) as FormDefinition);
    if (!prepared.form)
      throw new InvariantError(`Expected form ${form.hash} to compile as before, but: ${JSON.stringify(prepared.problems)}`);
    return prepared.form.module;
  }

  async function loadForm(form: StoredForm): Promise<LoadedForm> {
    const definition = JSON.parse(form.content) as FormDefinition;
    const module = await cache.load(`${form.hash}-${generation}`, await currentModule(form));
    return loadedForm(form.hash, definition, module);
  }

  return {
    prepare,
    load(form) {
      const known = loaded.get(form.hash);
      if (known) return known;
      if (loaded.size >= MAX_LOADED) loaded.delete(loaded.keys().next().value ?? '');
      const loading = loadForm(form);
      loaded.set(form.hash, loading);
      loading.catch(() => loaded.delete(form.hash));
      return loading;
    },
    urls: (hash) => ({ definitionUrl: `/api/forms/${hash}.json`, moduleUrl: `/api/forms/${hash}.js?v=${generation}` }),
    async asset(file) {
      const [, hash = '', extension] = /^([\da-f]{64})\.(json|js)$/.exec(file) ?? [];
      const shared = extension === 'js' ? support.byHash.get(hash) : undefined;
      if (shared !== undefined) return { type: 'text/javascript', body: shared };
      const form = hash === '' ? null : await find(hash);
      if (!form) throw new RequestError(404, 'NOT_FOUND', `Expected a form file ${file}, but none was found`);
      if (extension === 'json') return { type: 'application/json', body: form.content };
      return { type: 'text/javascript', body: await currentModule(form) };
    },
    sharedModule: (hash) => support.byHash.get(hash) ?? null,
    moduleOf: currentModule,
    close: () => compiler.close(),
  };
}

const isCurrent = (code: string, { urls }: SupportModules): boolean =>
  code.includes(JSON.stringify(urls.validatorSupport)) &&
  (!code.includes('import { compilePattern }') || code.includes(JSON.stringify(urls.patterns)));

function loadedForm(hash: string, definition: FormDefinition, { validate, conditions }: ValidatorModule): LoadedForm {
  const plan = compileForm(definition, conditions);
  return {
    hash,
    plan,
    dataFor: (data, permissions) => visibleData(plan, data, permissions),
    accept: (previous, submitted, permissions, locale) => acceptSubmission(plan, previous, submitted, permissions, validate, locale),
    summary: (data, locale) => summaryText(plan, data, locale),
  };
}
