import { ConfigError, readConfig } from './config.ts';
import { compose, type Server } from './compose.ts';
import { createLogger } from './log.ts';
import { StartupError } from './store/startup-error.ts';

/** config → database → migrate → compose → listen → graceful stop. */
const startedAt = performance.now();
const server = await start();
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));

async function start(): Promise<Server> {
  try {
    const config = readConfig(process.env);
    const log = createLogger(config.logLevel);
    const composed = await compose(config, log);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`songbai ready ${composed.url} (node ${config.nodeId}, database ${composed.databaseKind}, ${seconds} s)\n`);
    for (const line of composed.notices) process.stdout.write(`${line}\n`);
    return composed;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartupError) {
      process.stderr.write(`songbai: ${(error as Error).message}\n`);
      process.exit(1);
    }
    process.stderr.write(`songbai: ${(error as Error).stack ?? String(error)}\n`);
    process.exit(1);
  }
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  if (stopping) return;
  stopping = true;
  process.stdout.write(`songbai stopping (${signal})\n`);
  const deadline = setTimeout(() => process.exit(1), 15_000);
  deadline.unref();
  try {
    await server.stop();
    process.stdout.write('songbai stopped\n');
    process.exit(0);
  } catch (error) {
    process.stderr.write(`songbai: ${(error as Error).message}\n`);
    process.exit(1);
  }
}
