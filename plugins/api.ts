import type { Locale } from '#forms/runtime/form.ts';

/**
 * All that a plugin sees of the engine, and the engine of a plugin. A plugin is one folder: `plugin.json` (`PluginManifest`),
 * `options/{schema,ui,zh-CN,en}.json` (a form as in forms/README.md: what a modeller fills in), `index.ts` that exports
 * `plugin`, `index.test.ts` that runs the contract suite, `README.md`. How to write one: docs/how-to/write-a-plugin.md.
 */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export interface PluginManifest {
  /** The folder's name: lower-case letters, digits and hyphens. BPMN names it in `songbai:plugin`. */
  id: string;
  /** `major.minor.patch`. */
  version: string;
  /** `songbai`: the release it was written for, `major.minor`; it runs on later minor releases of the same major one. */
  engines: { songbai: string };
  name: Record<Locale, string>;
  description: Record<Locale, string>;
  /** Environment variables that it reads, with what they mean; it sees no others in `PluginContext.settings`. */
  settings?: Record<string, Record<Locale, string>>;
}

/** What a plugin is given once, when the engine starts. */
export interface PluginContext {
  /** JSON lines with the plugin's id. Never log options, variables or secrets: they hold personal data and passwords. */
  log: PluginLog;
  settings: Readonly<Record<string, string | undefined>>;
  /**
   * A password or token by its name, read anew each time; the district's own one goes before the shared one. It never stands
   * in a model, a variable or a log.
   * @throws Error when there is none
   */
  secret(name: string, tenant: string): Promise<string>;
}
export interface PluginLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The closed map of what a plugin can be. A kind is here only when the engine calls it. */
export interface PluginHooks<Options> {
  /** Does the work of tasks and message events with `songbai:plugin="<id>"`. */
  serviceTask: ServiceTask<Options>;
}
export type HookKind = keyof PluginHooks<unknown>;

export interface ServiceTask<Options> {
  /**
   * Does the work once. It may come again with the same key: after a crash, or when its lock was lost.
   * Anything thrown counts as `failed`.
   */
  run(call: ServiceTaskCall<Options>): Promise<ServiceTaskOutcome>;
}

export interface ServiceTaskCall<Options> {
  /** Evaluated, and valid by the plugin's schema. */
  options: Options;
  /** Every variable that the task sees, as JSON; dates are ISO texts. */
  variables: Readonly<JsonObject>;
  /** The same for each try of this task, another for every other one: the receiver can drop what it has done. */
  idempotencyKey: string;
  /** 1 for the first try. */
  attempt: number;
  tenant: string;
  businessKey: string | null;
  processKey: string;
  elementId: string;
  /** Aborts when the engine stops, the task is cancelled or the time limit is over: stop and return or throw at once. */
  signal: AbortSignal;
}

export type ServiceTaskOutcome =
  /** `output` becomes the task's `camunda:resultVariable`, else its local variable `pluginResult` (for output parameters). */
  | { kind: 'completed'; output?: JsonObject }
  /** The nearest error event with this code catches it; the variables go to its scope. */
  | { kind: 'bpmnError'; code: string; message?: string; variables?: JsonObject }
  | ServiceTaskFailure;

export interface ServiceTaskFailure {
  kind: 'failed';
  /** For the person who looks at the incident: *Expected X, but Y*; no personal data, no secrets. */
  message: string;
  details?: string;
  /** false = trying again cannot help: an incident at once. Default true: tries as the model says. */
  retry?: boolean;
  /** Waits at least this long before the next try, in ms. */
  retryAfterMs?: number;
}

export interface Plugin<Options = JsonObject> {
  /** One factory per kind, called once at start; `dispose` once at the end. */
  hooks: { [Kind in HookKind]?: (context: PluginContext) => PluginHooks<Options>[Kind] & { dispose?(): Promise<void> | void } };
}

/** Says what a plugin is, so that the compiler checks it. `Options` = what `options/schema.json` describes. */
export function definePlugin<Options extends object = JsonObject>(plugin: Plugin<Options>): Plugin<Options> {
  return plugin;
}
