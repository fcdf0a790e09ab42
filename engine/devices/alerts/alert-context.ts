import type { Logger } from '#engine/log.ts';
import type { RuntimeService } from '#engine/services/contract.ts';
import type { Batcher, Work } from '#engine/store/unit-of-work.ts';
import type { Alert } from './presenter.ts';
import type { Surroundings } from './surroundings.ts';

export interface AlertContext {
  store: {
    batcher: Batcher;
    clock: { now(): number };
    ids: { next(): number };
    query<T>(work: Work<T>): Promise<T>;
  };
  runtime: Pick<RuntimeService, 'startWork' | 'correlateWork'>;
  surroundings: Surroundings;
  /** Pushes to the console's streams. Called after COMMIT. */
  publish: (change: AlertChange) => void;
  /** An event was handled: the device's next one may be leased. Called after COMMIT. */
  handled: () => void;
  log: Logger;
}

export interface AlertChange {
  op: 'raised' | 'repeated' | 'cleared' | 'updated';
  tenant: string;
  area: string;
  /** The alert in the language of the stream's reader. */
  present(locale: 'zh-CN' | 'en'): Alert;
}
