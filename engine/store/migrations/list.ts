import type { Knex } from 'knex';
import { engine } from './0001-engine.ts';
import { identity } from './0002-identity.ts';
import { devices } from './0003-devices.ts';
import { registers } from './0004-registers.ts';
import { setup } from './0005-setup.ts';
import { events } from './0006-events.ts';
import { parts } from './0007-parts.ts';
import { batches } from './0008-batches.ts';
import { decisionInstances } from './0009-decision-instances.ts';
import { history } from './0010-history.ts';

export interface Migration {
  /** `NNNN-name`; stored in the database, so it never changes. */
  name: string;
  up(knex: Knex): Promise<void>;
}

/** In the order in which they run. Append only. */
export const MIGRATIONS: readonly Migration[] = [engine, identity, devices, registers, setup, events, parts, batches, decisionInstances, history];
