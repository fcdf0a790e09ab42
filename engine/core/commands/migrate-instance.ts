import { runToWaitStates } from '../execute.ts';
import { Failure } from '../failure.ts';
import { loadedInstance, requireAllWhole } from '../instance-tree.ts';
import { checkInstance, type InstanceProblem } from '../migration/check-instance.ts';
import { checkPlan, problem } from '../migration/check-plan.ts';
import { effectsOf, type MigrationEffects } from '../migration/effects.ts';
import { viewOf } from '../migration/instance-view.ts';
import { migrate } from '../migration/migrate.ts';
import { mappingOf, type MigrationPlan } from '../migration/plan.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import type { Variables } from '../values.ts';

export interface MigrateInstanceInput {
  instanceId: number;
  plan: MigrationPlan;
  /** Set in the process scope. */
  variables?: Variables;
  /** Camunda's `skipCustomListeners`: of scopes that are put around what runs, or taken away from around it. */
  skipListeners?: boolean;
  skipIoMappings?: boolean;
}

/** The instance is at something that the plan cannot take to the new version; `problems` says where. */
export class MigrationRefused extends Failure {
  readonly problems: readonly InstanceProblem[];

  constructor(instanceId: number, problems: readonly InstanceProblem[]) {
    const [first] = problems;
    super(
      'MIGRATION_REFUSED',
      `Expected the plan to fit instance ${instanceId}, but ${problems.length} things do not (${first?.code} at ${first?.activity})`,
      first?.activity ?? null,
    );
    this.problems = problems;
  }
}

/**
 * Takes a running instance to another version of its process. Suspended ones may be migrated; they stay suspended.
 * @throws Failure `INSTANCE_NOT_FOUND`, `MIGRATION_PLAN_INVALID`; MigrationRefused; or what the listeners of new scopes fail with
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/process-instance-migration/
 */
export function migrateInstance(
  { instanceId, plan, variables = {}, skipListeners = false, skipIoMappings = false }: MigrateInstanceInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; effects: MigrationEffects }> {
  const run = Object.assign(createRun(root, ports, actor), { skipListeners, skipIoMappings });
  requireAllWhole(root);
  const state = loadedInstance(root, instanceId);
  const [source, target] = [ports.model(plan.sourceDefinitionId), ports.model(plan.targetDefinitionId)];
  if (state.definitionId !== plan.sourceDefinitionId) {
    const params = { is: String(state.definitionId), expected: String(plan.sourceDefinitionId) };
    throw new MigrationRefused(instanceId, [
      { ...problem('DEFINITION_DIFFERS', params), elementInstance: instanceId, activity: '', isTransition: false },
    ]);
  }
  const [invalid] = checkPlan(source, target, plan.instructions);
  if (invalid)
    throw new Failure(
      'MIGRATION_PLAN_INVALID',
      `Expected a valid plan, but ${invalid.problems[0]?.code} at ${invalid.instruction.source}`,
      invalid.instruction.source,
    );
  const view = viewOf(state, mappingOf(source, target, plan.instructions));
  const problems = checkInstance(view);
  if (problems.length > 0) throw new MigrationRefused(instanceId, problems);
  const effects = effectsOf(view, () => {
    migrate(run, view, plan.targetDefinitionId, variables);
    return run.events;
  });
  // Joins may go on now. A suspended instance waits until it is activated.
  if (state.status === 'active') runToWaitStates(run);
  return { events: run.events, result: { instanceId, effects } };
}
