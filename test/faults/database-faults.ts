// Random processes on an engine whose database fails: `database-faults.ts [--runs 300] [--seed 1] [--rate 0.01] [--databases sqlite,mariadb]`.
// Runs as a process of its own, because the faults are put in while modules are loaded. Prints failures and counts; ends with 1 when one was otherwise.
import { parseArgs } from 'node:util';
import '#test/support/database-faults-hook.ts';
import { databaseFaults } from '#test/support/database-faults.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '0.01' },
    'restart-every': { type: 'string', default: '20' },
    databases: { type: 'string', default: 'sqlite,mariadb' },
  },
});
const { dialects } = await import('#test/support/dialects.ts');
const { settledEngine } = await import('#test/support/settled-engine.ts');
const { runCampaign } = await import('#test/random/run.ts');
type Settled = ReturnType<typeof settledEngine>;

const runs = Number(values.runs);
const wanted = values.databases.split(',');
let failed = 0;
for (const dialect of dialects().filter(({ name }) => wanted.includes(name.toLowerCase()))) {
  const engines: Settled[] = [];
  databaseFaults.begin(Number(values.seed), { rate: Number(values.rate), withUnknownOutcome: true });
  const { failures, steps } = await runCampaign({
    dialect: { ...dialect, open: withoutFaults(dialect.open) },
    seed: Number(values.seed),
    from: Number(values.from),
    runs,
    restartEvery: Number(values['restart-every']),
    wrap(engine) {
      const settled = settledEngine(engine);
      engines.push(settled);
      return settled;
    },
  });
  databaseFaults.isOn = false;
  failed += failures.length;
  for (const failure of failures) process.stdout.write(`${failure}\n`);
  const sum = (what: keyof Settled['asked']) => engines.reduce((total, { asked }) => total + asked[what], 0);
  const raised = Object.fromEntries(databaseFaults.raised);
  process.stdout.write(
    `${JSON.stringify({ database: dialect.name, runs, asExpected: runs - failures.length, steps, raised, again: sum('again'), done: sum('done') })}\n`,
  );
}
process.exit(failed > 0 ? 1 : 0);

/** A start that fails is a matter of whoever starts it again. */
function withoutFaults<T>(open: (url?: string) => Promise<T>): (url?: string) => Promise<T> {
  return async (url) => {
    databaseFaults.isOn = false;
    const store = await open(url);
    databaseFaults.isOn = true;
    return store;
  };
}
