import type { AuditLog } from '#engine/audit/audit-log.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { TypedValue } from '#engine/core/values.ts';
import type { Identity } from '#engine/identity/identity.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { Logger } from '#engine/log.ts';
import type { ProcessEngine } from '#engine/services/contract.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { StreamHub } from './api/stream/hub.ts';
import type { Route } from './route.ts';

/** All that the HTTP layer needs; put together in `compose.ts`. */
export interface AppContext {
  store: Store;
  engine: ProcessEngine;
  /** The compiled model behind a definition id. */
  modelOf(definitionId: number): Promise<ProcessModel> | ProcessModel;
  identity: Identity;
  audit: AuditLog;
  forms: FormsService;
  hub: StreamHub;
  log: Logger;
  settings: AppSettings;
  /** Routes of other rooms (devices, alerts, inbox). Their ids need rows in the policy table too. */
  extraRoutes?: Route[];
}

export interface AppSettings {
  /** null: the address the browser used is believed. */
  publicUrl: string | null;
  /** How many proxies in front are ours; 0 = their headers are ignored. */
  trustedProxies: number;
  nodeId: string;
  version: string;
  /** The built console; null serves none. */
  consoleDir: string | null;
  /** Where the flow runtime listens now; null while it is off or starting. */
  nodeRedPort(): number | null;
  /** The demo's password, shown on the login page; null in production. */
  demoPassword: string | null;
  /** False until the first jobs and flows may run; then `/readyz` answers 200. */
  isReady(): boolean;
}

/** What the task and start pages need of a form; the answers never contain fields the caller may not see. */
export interface FormsService {
  /** null when no form has this hash. */
  formByHash(hash: string): Promise<StoredForm | null>;
  /** The form behind a form key for a district: its own version, else the shared one. */
  formByKey(key: string, tenant: string): Promise<FormReference | null>;
  /** Values to show and access per field of an open task; `access` as the model declares it (`hidden`, `readonly`, …). */
  prefill(form: FormReference, input: FormInput): Promise<FormView>;
  /** Checks a submission on the server; with errors nothing may be written. */
  accept(form: FormReference, input: FormInput & { submitted: Record<string, unknown> }): Promise<AcceptedForm>;
}

export interface StoredForm {
  hash: string;
  tenant: string;
  /** `{schema, ui, messages}` as JSON text. */
  content: string;
  /** The validator, an ES module. */
  module: string;
}
export interface FormReference {
  key: string;
  version: number;
  hash: string;
}
export interface FormInput {
  /** The process variables of the instance; empty for a start form. */
  variables: Readonly<Record<string, TypedValue>>;
  /** Field name → access, from the element's `songbai:field.*` properties. */
  access: Readonly<Record<string, string>>;
  principal: Principal;
  locale: 'zh-CN' | 'en';
}
export interface FormView {
  data: Record<string, unknown>;
  permissions: Record<string, string>;
}
export interface AcceptedForm {
  /** Variables to write. */
  variables: Record<string, TypedValue>;
  errors: { pointer: string; keyword: string; message: string }[];
}
