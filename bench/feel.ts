// A FEEL condition as the engine evaluates it (compiled once, variables read on demand, bounds checked) against bare feelin: µs of CPU each.
// Run: npm run bench:feel
import { evaluate } from 'feelin';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { type TypedValue, typed } from '#engine/core/values.ts';
import { createExpressions } from '#engine/expressions/create-expressions.ts';
import { interleaved, report } from './pairs.ts';
import { median } from './statistics.ts';

const PAIRS = Number(process.env['PAIRS'] ?? 15);
const RUNS = 500;
const values = { age: 82, level: 'high', falls: [1, 2, 3], elder: { name: '张三', visits: 4 } };
const CONDITIONS = [
  'age >= 80',
  'age >= 80 and level = "high"',
  'elder.visits > 3 and count(falls) >= 2',
  'some fall in falls satisfies fall > 2',
];

const { evaluate: evaluateOurs } = createExpressions({ now: () => Date.now(), sla: () => undefined });
const variables: Record<string, TypedValue> = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typed(value)]));
/** As the core makes it for a condition: nothing is copied before it is asked for. */
const context = (): EvaluationContext =>
  ({ variable: (name) => variables[name], variableNames: () => Object.keys(variables), userId: null }) as EvaluationContext;

function cpuUs(work: () => unknown): number {
  const before = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) if (work() !== true) throw new Error('Expected the condition to be true');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / RUNS;
}

for (const source of CONDITIONS) {
  const { ratios, a, b } = await interleaved(
    PAIRS,
    () => cpuUs(() => evaluateOurs({ language: 'feel', source }, context())),
    () => cpuUs(() => evaluate(source, values).value),
  );
  process.stdout.write(`${source}: ${median(a).toFixed(1)} µs, bare feelin ${median(b).toFixed(1)} µs\n`);
  report('FEEL condition / bare feelin', ratios, { atMost: 1.3 });
}
