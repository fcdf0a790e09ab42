import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RunningEngine {
  url: string;
  database: string;
  /** Basic credentials of the demo's API client. */
  authorization: string;
  deploy(name: string, content: Uint8Array): Promise<void>;
  usage(): Promise<{ cpuUs: number; commits: number; commands: number; rssBytes: number }>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
/** USER_HZ on Linux. */
const TICK_US = 10_000;

/** Starts the real server with the demo district on SQLite, without broker and flows unless `env` switches them on. */
export async function startEngine({ dataDir, env = {} }: { dataDir: string; env?: Record<string, string> }): Promise<RunningEngine> {
  const child = spawn(process.execPath, ['--disable-proto=delete', '--disable-warning=ExperimentalWarning', 'engine/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      SONGBAI_PORT: '0',
      SONGBAI_MQTT_PORT: '0',
      SONGBAI_NODE_RED: 'off',
      SONGBAI_LOG_LEVEL: 'warn',
      SONGBAI_DATA_DIR: dataDir,
      ...env,
    },
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /songbai ready (\S+)/.exec(output);
      if (ready?.[1]) resolve(ready[1]);
    });
    child.once('exit', (code) => reject(new Error(`Expected the server to become ready, but it ended with ${code}: ${output}`)));
  });
  const authorization = `Basic ${Buffer.from('engine:songbai-demo').toString('base64')}`;
  return {
    url,
    authorization,
    database: join(dataDir, 'songbai.sqlite'),
    async deploy(name, content) {
      const form = new FormData();
      form.set('deployment-name', name);
      form.set(name, new Blob([new Uint8Array(content)]), name);
      const response = await fetch(`${url}/engine-rest/deployment/create`, { method: 'POST', headers: { authorization }, body: form });
      if (!response.ok) throw new Error(`Expected ${name} to deploy, but the server answered ${response.status}: ${await response.text()}`);
    },
    async usage() {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
      const response = await fetch(`${url}/metrics`, { headers: { authorization } });
      const metrics = response.ok ? await response.text() : '';
      const metric = (name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
      return {
        cpuUs: (Number(stat[11]) + Number(stat[12])) * TICK_US,
        commits: metric('songbai_commits_total'),
        commands: metric('songbai_units_total'),
        rssBytes: rss,
      };
    },
    stop() {
      return new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      });
    },
  };
}
