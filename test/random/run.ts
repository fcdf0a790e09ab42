import { createRandom } from '#engine/seed/random.ts';
import type { Dialect } from '#test/support/dialects.ts';
import { aTestEngine, type TestEngine } from '#test/support/test-engine.ts';
import { drive } from './drive.ts';
import { generateProcess } from './generate.ts';
import { visitedPositions } from './oracle.ts';

export interface Campaign {
  dialect: Dialect;
  seed: number;
  /** The first run and how many; each is the same process and path again when it is run alone. */
  from: number;
  runs: number;
  /** One run of this many closes the engine after every step and opens another one on the same database. */
  restartEvery?: number;
  /** Ends at the first failure. */
  isBriefly?: boolean;
  /** Of blocks; all when absent. */
  only?: readonly string[];
  /** What stands between the driver and the engine; nothing when absent. */
  wrap?(engine: TestEngine): TestEngine;
}

export interface CampaignResult {
  /** Seed, run, blocks and what was otherwise than expected. */
  failures: string[];
  steps: number;
  /** Element and position, as `positionsOf` names them → in how many processes the path visited it. */
  counts: Map<string, number>;
}

/** Runs processes one after the other on one database. */
export async function runCampaign({
  dialect,
  seed,
  from,
  runs,
  restartEvery = 0,
  isBriefly = false,
  only,
  wrap = (engine) => engine,
}: Campaign): Promise<CampaignResult> {
  const url = await dialect.newDatabase();
  const result: CampaignResult = { failures: [], steps: 0, counts: new Map() };
  let engine = wrap(await aTestEngine(dialect, url));
  async function reopen(before: TestEngine): Promise<TestEngine> {
    await before.close();
    return (engine = wrap(await aTestEngine(dialect, url)));
  }
  try {
    for (let run = from; run < from + runs; run++) {
      const process = generateProcess(seed, run, only);
      const restarts = restartEvery > 0 && run % restartEvery === 0;
      try {
        const { root, steps } = await drive(process, {
          engine,
          random: createRandom(seed + run),
          between: restarts ? reopen : (same) => Promise.resolve(same),
        });
        result.steps += steps;
        for (const position of await visitedPositions(engine, root)) result.counts.set(position, (result.counts.get(position) ?? 0) + 1);
      } catch (error) {
        result.failures.push(`seed ${seed} run ${run} on ${dialect.name}: ${textOf(error)}\n  blocks: ${process.blocks.join(', ')}`);
        if (isBriefly) break;
      }
    }
    return result;
  } finally {
    await engine.close();
  }
}

function textOf(error: unknown): string {
  const { message, details } = error as Error & { details?: unknown };
  return details === undefined ? message : `${message} ${JSON.stringify(details)}`;
}

/** The counts as lines, the rarest first. */
export function countLines(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a, m], [b, n]) => m - n || a.localeCompare(b))
    .map(([position, times]) => `${String(times).padStart(6)}  ${position}`);
}
