import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcess {
  url: string;
  mqttPort: number;
  dataDir: string;
  child: ChildProcess;
  /** stdout so far. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  dataDir: string;
  env?: Record<string, string>;
  port?: number;
  mqttPort?: number;
  /** Options of Node, e.g. `--import`; `child.send` reaches what they load. */
  nodeOptions?: readonly string[];
  /** Called when the process exists, long before it is ready. */
  spawned?(child: ChildProcess): void;
}

/** The server as a process of its own, as `npm start` runs it, on free ports. Resolves at its ready line. */
export async function startServerProcess({ dataDir, env = {}, port = 0, mqttPort, nodeOptions = [], spawned }: ServerOptions): Promise<ServerProcess> {
  const mqtt = mqttPort ?? (await freePort());
  const child = spawn(process.execPath, ['--disable-proto=delete', '--disable-warning=ExperimentalWarning', ...nodeOptions, 'engine/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', process.env['SONGBAI_TEST_LOG'] ? 'inherit' : 'ignore', 'ipc'],
    env: { ...process.env, SONGBAI_DATA_DIR: dataDir, SONGBAI_PORT: String(port), SONGBAI_MQTT_PORT: String(mqtt), SONGBAI_LOG_LEVEL: process.env['SONGBAI_TEST_LOG'] ?? 'silent', ...env },
  });
  spawned?.(child);
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /songbai ready (\S+)/.exec(output);
      if (ready?.[1]) resolve(ready[1]);
    });
    void exited.then((code) => reject(new Error(`Expected the server to become ready, but it ended with ${code}: ${output}`)));
  });
  return {
    url,
    mqttPort: mqtt,
    dataDir,
    child,
    output: () => output,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
