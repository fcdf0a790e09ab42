// `npm start`: set up what is missing, then run the server on Node 24 and hand it this terminal's signals.
import { spawn } from 'node:child_process';
import { ensureConsole, ensureDependencies, environment, node24, requireNode20, root } from './setup.mjs';

requireNode20();
ensureDependencies();
ensureConsole();

const server = spawn(node24(), ['--disable-proto=delete', '--disable-warning=ExperimentalWarning', 'engine/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: environment(),
  // Ctrl-C reaches the whole process group; the server gets its signal from us alone, once.
  detached: process.platform !== 'win32',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
