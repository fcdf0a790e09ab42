import type { Block } from '../draft.ts';
import { boundaryEvents } from './boundary-events.ts';
import { catchEvents, races } from './catch-events.ts';
import { compensation } from './compensation.ts';
import { eventSubProcesses } from './event-sub-processes.ts';
import { gateways } from './gateways.ts';
import { loops } from './loops.ts';
import { scopes } from './scopes.ts';
import { tasks } from './tasks.ts';

/** Blocks without a block inside. */
export const smallBlocks: readonly Block[] = [...tasks, ...catchEvents];
/** Blocks around other blocks. */
export const largeBlocks: readonly Block[] = [
  ...races,
  ...gateways,
  ...boundaryEvents,
  ...eventSubProcesses,
  ...scopes,
  ...loops,
  ...compensation,
];
export const allBlocks: readonly Block[] = [...smallBlocks, ...largeBlocks];
