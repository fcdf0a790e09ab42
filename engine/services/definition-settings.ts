import type { JobKind } from '#engine/core/state.ts';
import { settingsOf } from '#engine/store/job-settings.ts';
import type { Work } from '#engine/store/unit-of-work.ts';

export interface JobSetting {
  suspended: boolean;
  priority: number | null;
}

/** What administrators change about a definition after its deployment; another node may do it, so it is read again after `freshMs`. */
export interface DefinitionSettings {
  ensure(definitionIds: readonly number[]): Work<void>;
  /** Both answer from what `ensure` has read. */
  isSuspended(definitionId: number): boolean;
  job(definitionId: number, job: { element: string; kind: JobKind | 'timer-start' }): JobSetting | undefined;
  /** After a change on this node. */
  forget(definitionId: number): void;
}

interface Known {
  at: number;
  isSuspended: boolean;
  jobs: ReadonlyMap<string, JobSetting> | null;
}

const MAX_KNOWN = 20_000;

export function createDefinitionSettings(freshMs: number): DefinitionSettings {
  const known = new Map<number, Known>();
  const keyOf = ({ element, kind }: { element: string; kind: string }) => `${kind} ${element}`;
  return {
    *ensure(definitionIds) {
      for (const id of definitionIds) {
        const settings = known.get(id);
        if (settings && performance.now() - settings.at < freshMs) continue;
        const { isSuspended, jobs } = yield* settingsOf(id);
        if (known.size >= MAX_KNOWN) known.clear();
        known.set(id, { at: performance.now(), isSuspended, jobs: jobs.length > 0 ? new Map(jobs.map((job) => [keyOf(job), job])) : null });
      }
    },
    isSuspended: (id) => known.get(id)?.isSuspended ?? false,
    job: (id, job) => known.get(id)?.jobs?.get(keyOf(job)),
    forget: (id) => void known.delete(id),
  };
}
