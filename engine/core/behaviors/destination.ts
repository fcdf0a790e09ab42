import type { Variables } from '../values.ts';

/** Where a token goes: `flow` = the sequence flow it takes, null for scope starts and triggers. */
export interface Destination {
  element: number;
  /** Id of the scope's element instance. */
  scope: number;
  flow: number | null;
  /** What waits for it, when it belongs to a compensation. */
  thrower?: number | undefined;
  /** Local variables that its element instance begins with. */
  variables?: Variables;
}
