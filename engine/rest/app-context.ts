import type { AuditLog } from '#engine/audit/audit-log.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { FormsService } from '#engine/forms/forms-service.ts';
import type { HistoryCleanup } from '#engine/history/cleanup.ts';
import type { Identity } from '#engine/identity/identity.ts';
import type { Logger } from '#engine/log.ts';
import type { LoadedPlugins } from '#engine/plugins/load-plugins.ts';
import type { ProcessEngine } from '#engine/services/contract.ts';
import type { HistoryLevel } from '#engine/store/history-level.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { StreamHub } from './api/stream/hub.ts';
import type { Route } from './route.ts';

/** All that the HTTP layer needs; put together in `compose.ts`. */
export interface AppContext {
  store: Store;
  engine: ProcessEngine;
  /** The compiled model behind a definition id. */
  modelOf: (definitionId: number) => Promise<ProcessModel> | ProcessModel;
  /** What is kept of the past, and for how long; all for ever when absent. */
  history?: HistorySettings;
  identity: Identity;
  audit: AuditLog;
  /** What the routes need of the forms room. */
  forms: Pick<FormsService, 'load' | 'urls' | 'asset'>;
  /** What is loaded, and what could not be; none in tests that need none. */
  plugins?: Pick<LoadedPlugins, 'active' | 'failed'>;
  hub: StreamHub;
  log: Logger;
  settings: AppSettings;
  /** Counts of the device side since the process started, by name, for `/metrics`. */
  metrics?: () => Record<string, number>;
  /** Routes of other rooms (devices, alerts, inbox). Their ids need rows in the policy table too. */
  extraRoutes?: Route[];
}

export interface HistorySettings {
  /** Of processes that name none. */
  level: HistoryLevel;
  /** Of processes without a time to live; null = for ever. */
  defaultDays: number | null;
  cleanup: HistoryCleanup;
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
