import { createBatchService } from './batches.ts';
import type { ServiceContext } from './context.ts';
import type { ProcessEngine } from './contract.ts';
import { createDecisionService } from './evaluate-decision.ts';
import { createExternalTaskService } from './external-tasks.ts';
import { createMigrationService } from './migration.ts';
import { createJobService, type JobService } from './jobs.ts';
import type { DeploymentCompilers } from './prepare-deployment.ts';
import { createRepositoryService } from './repository.ts';
import { createRuntimeService } from './runtime.ts';
import { createTaskService } from './tasks.ts';
import type { TopicWaiters } from './topic-waiters.ts';

/** The engine's services, each over the same context. */
export function createProcessEngine(context: ServiceContext, compilers: DeploymentCompilers, waiters: TopicWaiters): ProcessEngine & { management: JobService } {
  return {
    repository: createRepositoryService(context, compilers),
    runtime: createRuntimeService(context),
    tasks: createTaskService(context),
    externalTasks: createExternalTaskService(context, waiters),
    decisions: createDecisionService(context),
    management: createJobService(context),
    batches: createBatchService(context),
    migration: createMigrationService(context),
  };
}
