// tsc for the server, forms and tests; vue-tsc for the console: `npm run types`.
import { spawnSync } from 'node:child_process';
import { environment, root } from './setup.mjs';

const run = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: environment() }).status ?? 1;
const server = run(['node_modules/typescript/bin/tsc', '-p', '.']);
// Browser tests run code in the page: they alone know the DOM.
const browser = run(['node_modules/typescript/bin/tsc', '-p', 'test/e2e']);
const console = run(['node_modules/vue-tsc/bin/vue-tsc.js', '-p', 'console']);
process.exit(server || browser || console);
