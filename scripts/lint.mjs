// oxlint (type-aware) for TypeScript, eslint for .vue templates: `npm run lint`.
import { spawnSync } from 'node:child_process';
import { environment, root } from './setup.mjs';

const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment() }).status ?? 1;
const typescript = run('node_modules/.bin/oxlint', ['--type-aware', '--deny-warnings', ...process.argv.slice(2)]);
const templates = run(process.execPath, ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', 'console/src/**/*.vue']);
process.exit(typescript || templates);
