import type { Element } from '#engine/core/model.ts';
import type { JobKind, JobState } from '#engine/core/state.ts';
import { entryBase, moveRemembered, type Log, type LogEntry } from './log.ts';

export interface JobLogEntry extends LogEntry {
  state: 'created' | 'failed' | 'successful' | 'deleted';
  job: number;
  /** Element instance that the job belongs to. */
  owner: number | null;
  kind: JobKind | null;
  /** Camunda's `jobDefinitionType`. */
  type: string | null;
  dueAt: number | null;
  retries: number;
  priority: number;
  message: string | null;
  details: string | null;
}

/** Created, executed, failed with message and stack, deleted: Camunda's HistoricJobLog. */
export const jobLog: Log<JobLogEntry> = {
  codes: ['jc', 'je', 'js', 'jf', 'jr', 'jd', 'jp', 'jx'],
  level: 'full',
  reader() {
    const jobs = new Map<number, JobState>();
    return (event, place) => {
      const entry = (id: number, state: JobLogEntry['state'], failure: { message: string; details: string | null } | null = null): JobLogEntry => {
        const job = jobs.get(id);
        return {
          ...entryBase(place, job?.element ?? null),
          state,
          job: id,
          owner: job?.owner ?? null,
          kind: job?.kind ?? null,
          type: job ? definitionType(job.kind, place.model.elements[job.element]) : null,
          dueAt: job?.dueAt ?? null,
          retries: job?.retries ?? 0,
          priority: job?.priority ?? 0,
          message: failure?.message ?? null,
          details: failure?.details ?? null,
        };
      };
      const change = (id: number, changed: Partial<JobState>) => {
        const job = jobs.get(id);
        if (job) jobs.set(id, { ...job, ...changed });
      };
      switch (event.type) {
        case 'JobCreated':
          jobs.set(event.job.id, { ...event.job });
          return [entry(event.job.id, 'created')];
        case 'JobExecuted':
          return [entry(event.job, 'successful')];
        case 'JobRescheduled': {
          // Camunda makes a new job for the next run of a cycle; ours goes on.
          const executed = entry(event.job, 'successful');
          change(event.job, { dueAt: event.dueAt });
          return [executed, { ...entry(event.job, 'created'), id: `${executed.id}:next` }];
        }
        case 'JobFailed': {
          // As in Camunda the entry has the retries with which the job was run.
          const failed = entry(event.job, 'failed', event);
          change(event.job, { retries: event.retries, dueAt: event.dueAt });
          return [failed];
        }
        case 'JobRetriesSet':
          change(event.job, { retries: event.retries, dueAt: event.dueAt });
          return [];
        case 'JobDueDateSet':
          change(event.job, { dueAt: event.dueAt });
          return [];
        case 'JobPrioritySet':
          change(event.job, { priority: event.priority });
          return [];
        case 'JobCanceled':
          return [entry(event.job, 'deleted')];
        default:
          moveRemembered(event, jobs.values());
          return [];
      }
    };
  },
};

/** Camunda's job handler types; those of jobs that Camunda does not have keep our name. */
function definitionType(kind: JobKind, element: Element | undefined): string {
  if (kind === 'async-before' || kind === 'async-after') return 'async-continuation';
  if (kind !== 'timer') return kind;
  switch (element?.type) {
    case 'bpmn:StartEvent':
      return 'timer-start-event-subprocess';
    case 'bpmn:IntermediateCatchEvent':
      return 'timer-intermediate-transition';
    case 'bpmn:UserTask':
      return 'timer-task-listener';
    default:
      return 'timer-transition';
  }
}
