import type { OpenOptions, Store } from './open-store.ts';
import { StartupError } from './startup-error.ts';

export function openMysqlStore(_options: OpenOptions): Promise<Store> {
  throw new StartupError('DATABASE_UNREACHABLE', 'Expected MySQL, but this build has only SQLite');
}
