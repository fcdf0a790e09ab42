import { registerHooks } from 'node:module';
import { databaseFaults } from './database-faults.ts';

// Loaded with `--import` before the store: puts `database-faults.ts` between it and its connections; the files on disk stay as they are.
// SONGBAI_DB_FAULTS=<seed>:<rate> raises faults from the beginning, without those whose outcome nobody can know.
const faults = new URL('database-faults.ts', import.meta.url).href;

const changes: { file: string; from: string; to: string; needs: string }[] = [
  {
    file: 'engine/store/dialect/mysql-lane.ts',
    from: 'connection = await connectMysql(config, traits);',
    to: 'connection = faultyMysql(await connectMysql(config, traits));',
    needs: 'faultyMysql',
  },
  {
    file: 'engine/store/open-mysql.ts',
    from: 'return await queryPool(pool, bound);',
    to: 'const fault = mysqlReadFault(); if (fault) throw fault; return await queryPool(pool, bound);',
    needs: 'mysqlReadFault',
  },
  {
    file: 'engine/store/open-sqlite.ts',
    from: 'createSqliteBatcher(writer, log)',
    to: 'createSqliteBatcher(faultySqlite(writer), log)',
    needs: 'faultySqlite',
  },
];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const change = changes.find(({ file }) => url.endsWith(`/${file}`));
    if (!change) return loaded;
    const parts = Buffer.from(loaded.source as Uint8Array).toString('utf8').split(change.from);
    if (parts.length !== 2) throw new Error(`Expected the text of a fault once in ${change.file}, but it is there ${parts.length - 1} times`);
    return { ...loaded, source: `import { ${change.needs} } from '${faults}';${parts.join(change.to)}` };
  },
});

const [seed, rate] = (process.env['SONGBAI_DB_FAULTS'] ?? '').split(':').map(Number);
if (seed !== undefined && rate !== undefined) {
  databaseFaults.begin(seed, { rate, withUnknownOutcome: false });
  process.once('exit', () => process.stdout.write(`${JSON.stringify(Object.fromEntries(databaseFaults.raised))}\n`));
}
