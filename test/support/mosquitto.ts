import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './dialects.ts';
import { freePort } from './server-process.ts';

const BINARY = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find((path) => spawnSync(path, ['-h']).error === undefined);

export interface Mosquitto {
  url: string;
  /** SIGKILL, then a new process on the same port and folder. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/** A Mosquitto that writes its sessions and queues to disk after every change; null when the machine has none. */
export async function startMosquitto(): Promise<Mosquitto | null> {
  if (!BINARY) return null;
  const folder = temporaryFolder();
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  const persistence = `persistence true\npersistence_location ${folder}/\nautosave_on_changes true\nautosave_interval 1\nmax_queued_messages 100000\n`;
  // Started by root it would become another user, who may not write the folder.
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n${process.getuid?.() === 0 ? 'user root\n' : ''}${persistence}`);
  let child = await launch(config);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async crash() {
      await end('SIGKILL');
      child = await launch(config);
    },
    close: () => end('SIGTERM'),
  };
}

async function launch(config: string): Promise<ChildProcess> {
  const child = spawn(BINARY!, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const chunk of child.stderr) if (String(chunk).includes('running')) break;
  return child;
}
