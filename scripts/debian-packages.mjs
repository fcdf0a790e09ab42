// The Debian packages that the tests need: browser, broker, database, a CJK font. Installed when root, else named.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';

const PACKAGES = [
  { name: 'chromium', present: () => onPath('chromium') },
  { name: 'mosquitto', present: () => onPath('mosquitto') },
  { name: 'mosquitto-clients', present: () => onPath('mosquitto_pub') },
  { name: 'mariadb-server', present: () => onPath('mariadbd') },
  { name: 'fonts-noto-cjk', present: () => /\S/.test(output('fc-list', [':lang=zh', 'family'])) },
];
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs what is missing when root; returns the names of what is still missing. */
export function ensureDebianPackages() {
  const missing = () => PACKAGES.filter((entry) => !entry.present()).map((entry) => entry.name);
  const before = missing();
  if (before.length === 0) return [];
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return before;
  process.stdout.write(`songbai: installing ${before.join(', ')} for the tests …\n`);
  // Our tests start their own instances: the packages' services stay off while we install.
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    mkdirSync('/var/cache/apt/archives/partial', { recursive: true });
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', ...before]);
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true });
  }
  return missing();
}

function apt(args) {
  spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

function onPath(command) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin:/sbin`.split(':');
  return folders.some((folder) => existsSync(`${folder}/${command}`));
}

function output(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}
