// Runs a script with Node 24: `node scripts/with-node24.mjs <script> [arguments]`.
import { spawnSync } from 'node:child_process';
import { ensureDependencies, environment, node24, requireNode20, root } from './setup.mjs';

requireNode20();
ensureDependencies();
const run = spawnSync(node24(), process.argv.slice(2), { cwd: root, stdio: 'inherit', env: environment() });
process.exit(run.status ?? 1);
