import type { Expressions } from '#engine/expressions/create-expressions.ts';
import type { Logger } from '#engine/log.ts';
import type { HistoryLevel } from '#engine/store/history-level.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { DecisionCache } from './decision-cache.ts';
import type { DefinitionCache } from './definition-cache.ts';
import type { DefinitionSettings } from './definition-settings.ts';

/** What the services are made of; put together in `compose.ts`. */
export interface ServiceContext {
  /** Of processes that name none. */
  historyLevel: HistoryLevel;
  store: Store;
  definitions: DefinitionCache;
  settings: DefinitionSettings;
  /** Expression and timer ports at a command's time (epoch ms). */
  expressionsAt(now: number): Expressions;
  decisions: DecisionCache;
  log: Logger;
  /** Wakes the job executor: a job of this node is due at `dueAt` (epoch ms). */
  jobDue(dueAt: number): void;
  /** Wakes long polls: an external task of this topic is there. */
  externalTaskReady(topic: string): void;
  /** Tells the console's streams what changed, after COMMIT. */
  publishTask(change: TaskChange): void;
  /** An instance ended; alerts close with their process. */
  instanceEnded(instance: { id: number; definitionKey: string; businessKey: string | null; tenant: string }): void;
}

export interface TaskChange {
  op: 'created' | 'updated' | 'ended';
  id: number;
  instanceId: number;
  tenant: string;
  area: string;
  assignee: string | null;
  candidateGroups: string[];
  candidateUsers: string[];
}
