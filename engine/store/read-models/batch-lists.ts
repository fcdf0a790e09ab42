import { equals, flag, oneOf, type ListModel } from './filtered-list.ts';

/** Batches that run; the columns of jobs are counts of their batch jobs. */
const JOBS = (condition: string) => `(SELECT COUNT(*) FROM job j WHERE j.batch_id = b.id AND j.kind = 'batch'${condition})`;

export const batchList: ListModel = {
  columns: `b.id, b.type, b.tenant, b.total, b.seeded, b.jobs_per_seed, b.items_per_job, b.suspended, b.created_at, b.created_by, b.started_at, ${JOBS('')} AS open_jobs, ${JOBS(' AND j.retries = 0')} AS failed_jobs`,
  from: '(SELECT * FROM batch WHERE ended_at IS NULL) b',
  tenant: 'b.tenant',
  area: null,
  filters: {
    batchId: equals('b.id'),
    type: equals('b.type'),
    tenantIdIn: oneOf('b.tenant'),
    withoutTenantId: flag("b.tenant = ''", '1 = 1'),
    suspended: flag('b.suspended = 1', 'b.suspended = 0'),
    createdBy: equals('b.created_by'),
    withFailures: flag(`${JOBS(' AND j.retries = 0')} > 0`, '1 = 1'),
    withoutFailures: flag(`${JOBS(' AND j.retries = 0')} = 0`, '1 = 1'),
  },
  sorts: { batchId: 'b.id', tenantId: 'b.tenant', startTime: 'b.started_at' },
  tieBreaker: 'b.id',
};
