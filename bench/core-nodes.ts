import { startInstance } from '#engine/core/commands/start-instance.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import { anActor, corePorts, emptyRoot } from '#test/support/core-ports.ts';
import { aProcess, end, inclusive, parallel, type Specs, start, task } from '#test/support/process-builder.ts';
import { median, quartiles } from './statistics.ts';

/** CPU of the core alone, without store: what a synchronous node costs, and a split and join of five against a sequence of five. */
const RUNS = 4_000;
const ROUNDS = 15;

const tasks = (count: number): Specs => Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, task()]));
const ids = (count: number) => Object.keys(tasks(count));

const sequence = (count: number) =>
  aProcess(`sequence${count}`, { start: start(), ...tasks(count), end: end() }, [`start -> ${[...ids(count), 'end'].join(' -> ')}`]);
const split = (gateway: () => Specs[string]) =>
  aProcess('split', { start: start(), fork: gateway(), ...tasks(5), join: gateway(), end: end() }, [
    'start -> fork',
    ...ids(5).map((id) => `fork -> ${id} -> join`),
    'join -> end',
  ]);

const five = sequence(5);
const models = { five, fiftyFive: sequence(55), parallel: split(parallel), inclusive: split(inclusive) };

/** µs of CPU per instance from start to end. */
function measure(model: ProcessModel): number {
  const ports = corePorts([model]);
  const before = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) startInstance({ definitionId: 1, tenant: 't', area: 't' }, emptyRoot(), ports, anActor);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / RUNS;
}

const names = Object.keys(models) as (keyof typeof models)[];
const rounds: Record<keyof typeof models, number>[] = [];
for (let round = -2; round < ROUNDS; round++) {
  const entries = names.map((name) => [name, measure(models[name])] as const);
  if (round >= 0) rounds.push(Object.fromEntries(entries) as Record<keyof typeof models, number>);
}

const report = (what: string, values: number[], unit: string) => {
  const { lower, upper } = quartiles(values);
  console.log(`${what}: median ${median(values).toFixed(2)}${unit}, quartiles ${lower.toFixed(2)}–${upper.toFixed(2)}`);
};
for (const name of names)
  report(
    `${name}, per instance`,
    rounds.map((round) => round[name]),
    ' µs',
  );
report(
  'parallel split and join of 5 / sequence of 5 (wanted ≤ 2)',
  rounds.map((round) => round.parallel / round.five),
  '',
);
report(
  'inclusive split and join of 5 / sequence of 5',
  rounds.map((round) => round.inclusive / round.five),
  '',
);
report(
  'one more synchronous node (wanted ≤ 25)',
  rounds.map((round) => (round.fiftyFive - round.five) / 50),
  ' µs',
);
