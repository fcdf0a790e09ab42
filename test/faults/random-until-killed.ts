// Random processes until this process dies: `random-until-killed.ts <database url> <seed> <first run> <runs>`, with `--import kill-hook.ts` and
// SONGBAI_KILL. Prints what the process before it left wrong, as JSON, then goes on; what that one was working on stays as it is.
import { freeAbandoned } from '#engine/store/job-store.ts';
import { dialects } from '#test/support/dialects.ts';
import { checkStored } from '#test/support/engine-invariants.ts';
import { runCampaign } from '#test/random/run.ts';

const [url = '', seed, from, runs] = process.argv.slice(2);
const kind = dialects().find(({ name }) => (name === 'SQLite') === url.startsWith('sqlite:'));
if (!kind) throw new Error(`Expected a database url, but got ${url}`);
const dialect = { ...kind, newDatabase: () => Promise.resolve(url) };

const store = await dialect.open(url);
await freeAbandoned(store);
process.stdout.write(`${JSON.stringify(await checkStored(store, ''))}\n`);
await store.close();
const { failures } = await runCampaign({ dialect, seed: Number(seed), from: Number(from), runs: Number(runs) });
process.stdout.write(`${JSON.stringify(failures)}\n`);
process.exit(0);
