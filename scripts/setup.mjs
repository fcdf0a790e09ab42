// What both commands need before their job: Node 20 or newer, dependencies of the lock file, Node 24, a fresh console.
// Runs on Node 20 with nothing installed, so it imports Node's own modules only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const INSTALLED = join(root, 'node_modules', '.songbai-lock');

/** One clear line on stderr, exit code 1. */
export function fail(message) {
  process.stderr.write(`songbai: ${message}\n`);
  process.exit(1);
}

export function requireNode20() {
  const [major] = process.versions.node.split('.');
  if (Number(major) < 20) fail(`Expected Node 20 or newer, but this is ${process.versions.node}. Install Node 20 (or 24) from nodejs.org and run the command again.`);
}

/** Installs what the lock file says, once. */
export function ensureDependencies() {
  if (isInstalled()) return;
  process.stdout.write('songbai: installing dependencies from package-lock.json (first start only, a few minutes) …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const install = spawnSync(npm, ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (install.error) fail(`Expected npm to run, but: ${install.error.message}`);
  if (install.status !== 0) fail('Expected "npm ci" to install the dependencies, but it failed; its message stands above. Check the network or the npm registry setting and try again.');
  writeFileSync(INSTALLED, lockHash());
}

/** Whether `node_modules` came from this very lock file. */
export function isInstalled() {
  return existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lockHash();
}

function lockHash() {
  return hashFiles([join(root, 'package-lock.json')]);
}

/** Path of a Node 24: this process when it is one, else the binary from the npm packages node-<platform>-<arch>. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) === 24) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const binary = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) fail(`Expected Node 24 for ${platform}-${process.arch} in node_modules, but the platform has no such package. Install Node 24 from nodejs.org and run the command with it.`);
  return binary;
}

/** Builds the console when its sources, the forms runtime or the lock file changed since the last build. */
export function ensureConsole() {
  const sources = ['console', 'forms/runtime'].flatMap((folder) => filesUnder(join(root, folder)));
  const hash = hashFiles([...sources, join(root, 'package-lock.json')]);
  const stamp = join(root, 'console', 'dist', '.source-hash');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  process.stdout.write('songbai: building the console …\n');
  const build = spawnSync(node24(), ['node_modules/vite/bin/vite.js', 'build', '--config', 'console/vite.config.ts', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) fail('Expected the console to build, but Vite failed; its message stands above.');
  writeFileSync(stamp, hash);
}

/** The environment for children: `node` of npm scripts and shebangs is Node 24. */
export function environment(extra = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: `${dirname(node24())}${separator}${join(root, 'node_modules', '.bin')}${separator}${process.env.PATH ?? ''}`, ...extra };
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesUnder(path) : [path];
    })
    .sort();
}

function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}
