// `npm run test:random -- --runs 2000 --seed 7 --restart-every 10 --databases sqlite,mariadb`
import { parseArgs } from 'node:util';
import { dialects } from '#test/support/dialects.ts';
import { countLines, runCampaign } from './run.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    'restart-every': { type: 'string', default: '20' },
    databases: { type: 'string', default: 'sqlite,mariadb' },
    only: { type: 'string' },
  },
});
const wanted = values.databases.split(',');
let failed = 0;
for (const dialect of dialects().filter(({ name }) => wanted.includes(name.toLowerCase()))) {
  const startedAt = Date.now();
  const only = values.only ? { only: values.only.split(',') } : {};
  const runs = Number(values.runs);
  const { failures, steps, counts } = await runCampaign({
    dialect,
    seed: Number(values.seed),
    from: Number(values.from),
    runs,
    restartEvery: Number(values['restart-every']),
    ...only,
  });
  for (const failure of failures) process.stdout.write(`${failure}\n`);
  process.stdout.write(
    `${countLines(counts).join('\n')}\n${dialect.name}: ${runs - failures.length} of ${runs} runs as expected, ${steps} steps, ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
  );
  failed += failures.length;
}
process.exit(failed > 0 ? 1 : 0);
