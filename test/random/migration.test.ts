import assert from 'node:assert/strict';
import { createRandom, type Random } from '#engine/seed/random.ts';
import { dialects } from '#test/support/dialects.ts';
import { ACTOR, aTestEngine, TENANT, type TestEngine } from '#test/support/test-engine.ts';
import { drive } from './drive.ts';
import { generateProcess, type RandomProcess } from './generate.ts';
import { nextVersion, stepsOf } from './next-version.ts';

const RUNS = Number(process.env['SONGBAI_MIGRATION_RUNS'] ?? 60);
const SEED = Number(process.env['SONGBAI_MIGRATION_SEED'] ?? 3);

for (const dialect of dialects()) {
  dialect.describe('random processes that are migrated on their way', () => {
    it(`go on along their known paths, ${RUNS} of them`, async () => {
      const engine = await aTestEngine(dialect);
      const failures: string[] = [];
      let migrated = 0;
      try {
        for (let run = 0; migrated + failures.length < RUNS; run++) {
          const v1 = generateProcess(SEED, run);
          // The new version must not be started by what started the old one.
          if (v1.start.by !== 'key' || stepsOf(v1.walk) === 0) continue;
          try {
            await migrateOnTheWay(engine, v1, createRandom(SEED + run));
            migrated++;
          } catch (error) {
            failures.push(`seed ${SEED} run ${run} on ${dialect.name}: ${(error as Error).message}\n  blocks: ${v1.blocks.join(', ')}`);
          }
        }
      } finally {
        await engine.close();
      }
      assert.deepEqual(failures, []);
    }).timeout(300_000);
  });
}

async function migrateOnTheWay(engine: TestEngine, v1: RandomProcess, random: Random): Promise<void> {
  const v2 = nextVersion(v1);
  const at = random.integer(0, stepsOf(v1.walk) - 1);
  let steps = 0;
  await drive(
    { ...v1, walk: v2.walk, visits: v2.visits },
    {
      engine,
      random,
      async between(same) {
        if (steps++ === at) await migrate(same, v1, v2);
        return same;
      },
    },
  );
}

async function migrate({ engine, deploy, store }: TestEngine, v1: RandomProcess, v2: RandomProcess): Promise<void> {
  const deployed = await deploy({ name: `${v2.key}.bpmn`, content: v2.xml }, ...v2.decisions);
  const target = deployed.processDefinitions.find(({ key }) => key === v2.key)?.id ?? 0;
  const sql =
    'SELECT p.id, p.definition_id FROM process_instance p JOIN process_definition d ON d.id = p.definition_id WHERE d.def_key = ?';
  const [row] = await store.read(sql, [v1.key]);
  const source = Number(row?.definition_id);
  const plan = {
    sourceDefinitionId: source,
    targetDefinitionId: target,
    instructions: await engine.migration.generate(source, target, false),
  };
  const [outcome] = await engine.migration.execute({ plan, instanceIds: [Number(row?.id)], tenant: TENANT, areas: [TENANT], actor: ACTOR });
  if (!outcome?.effects) throw new Error(`Expected it to be migrated, but ${JSON.stringify(outcome?.failure ?? outcome?.problems)}`);
}
