// Runs random processes on an engine with one deliberate fault, in a process of its own: `fault-probe.ts "<fault>" [runs]`.
// Prints the first failure and ends with 0 when the fault was found, with 2 when it was not.
import { engineFaults } from './engine-faults.ts';
import { injectFault } from './inject-fault.ts';

const [name, runs = '300'] = process.argv.slice(2);
const fault = engineFaults.find((known) => known.name === name);
if (!fault) throw new Error(`Expected the name of a fault, but got ${name}`);
injectFault(fault);
const { dialects } = await import('#test/support/dialects.ts');
const { runCampaign } = await import('./run.ts');
const sqlite = dialects().find((dialect) => dialect.name === 'SQLite');
if (!sqlite) throw new Error('Expected SQLite among the databases, but it is not there');
const { failures } = await runCampaign({ dialect: sqlite, seed: 1, from: 0, runs: Number(runs), isBriefly: true });
process.stdout.write(`${failures[0] ?? `not found within ${runs} runs`}\n`);
process.exit(failures.length > 0 ? 0 : 2);
