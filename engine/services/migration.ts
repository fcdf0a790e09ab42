import { MigrationRefused } from '#engine/core/commands/migrate-instance.ts';
import { checkPlan, type InstructionReport } from '#engine/core/migration/check-plan.ts';
import type { InstanceProblem } from '#engine/core/migration/check-instance.ts';
import type { MigrationEffects } from '#engine/core/migration/effects.ts';
import { generateInstructions } from '#engine/core/migration/generate-instructions.ts';
import type { MigrationInstruction, MigrationPlan } from '#engine/core/migration/plan.ts';
import type { Actor } from '#engine/core/ports.ts';
import { RequestError, TransientError } from '#engine/errors.ts';
import type { Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import { forEachOf } from './for-each-of.ts';
import { type MigrationConfiguration, migrationOf, runMigration } from './migrate.ts';
import { decide } from './run-command.ts';

/** Whose instances they may be. */
export interface MigrationRequest extends MigrationConfiguration {
  instanceIds: readonly number[];
  tenant: string;
  areas: readonly string[];
  actor: Actor;
}

/** What became of one instance, or would become of it. */
export interface MigrationOutcome {
  instanceId: number;
  /** null = it is not migrated. */
  effects: MigrationEffects | null;
  /** What it is at and the plan cannot take along. */
  problems: readonly InstanceProblem[];
  /** Any other reason. */
  failure: { code: string; message: string } | null;
}

export interface MigrationService {
  generate(sourceDefinitionId: number, targetDefinitionId: number, updateEventTriggers: boolean): Promise<MigrationInstruction[]>;
  /** Empty = valid. */
  check(plan: MigrationPlan): Promise<InstructionReport[]>;
  /** What `execute` would do, in the order of the ids; nothing is written. */
  dryRun(request: MigrationRequest): Promise<MigrationOutcome[]>;
  /** Each instance is a transaction of its own: one that fails does not stop the others. */
  execute(request: MigrationRequest): Promise<MigrationOutcome[]>;
}

/** Takes running instances to another version of their process. */
export function createMigrationService(context: ServiceContext): MigrationService {
  const { store, definitions } = context;

  async function models({ sourceDefinitionId, targetDefinitionId }: Pick<MigrationPlan, 'sourceDefinitionId' | 'targetDefinitionId'>) {
    const source = await store.query(definitions.byId(sourceDefinitionId));
    const target = await store.query(definitions.byId(targetDefinitionId));
    return { source: source.model, target: target.model };
  }

  async function each({ instanceIds }: MigrationRequest, migrate: (id: number) => Promise<MigrationEffects>): Promise<MigrationOutcome[]> {
    const outcomes = new Map<number, MigrationOutcome>();
    await forEachOf(instanceIds, async (instanceId) => {
      const outcome: MigrationOutcome = { instanceId, effects: null, problems: [], failure: null };
      outcomes.set(instanceId, outcome);
      try {
        outcome.effects = await migrate(instanceId);
      } catch (error) {
        if (!(error instanceof RequestError || error instanceof TransientError)) throw error;
        if (error.cause instanceof MigrationRefused) outcome.problems = error.cause.problems;
        else outcome.failure = { code: error.code, message: error.message };
      }
    });
    return instanceIds.flatMap((id) => outcomes.get(id) ?? []);
  }

  return {
    async generate(sourceDefinitionId, targetDefinitionId, updateEventTriggers) {
      const { source, target } = await models({ sourceDefinitionId, targetDefinitionId });
      return generateInstructions(source, target, updateEventTriggers);
    },
    async check(plan) {
      const { source, target } = await models(plan);
      return checkPlan(source, target, plan.instructions);
    },
    dryRun: (request) =>
      each(request, async (item) => {
        const { result } = await store.query(
          decide(context, { ...migrationOf(context, { ...request, item, configuration: request }), actor: request.actor }),
        );
        return result.effects;
      }),
    execute: (request) =>
      each(request, async (item) => {
        const work = (writes: Writes) => runMigration(context, writes, { ...request, item, configuration: request });
        return (await store.batcher.run({ key: item, name: 'instance.migrate' }, work)).result.effects;
      }),
  };
}
