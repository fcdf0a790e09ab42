/**
 * The flow runtime's process. The supervisor in the engine starts it under Node's permission model and writes one JSON line
 * of options to stdin; when stdin ends, the engine is gone and the process goes too.
 * Writes JSON lines to stdout: `{log}`, and `{ready: <port>}` once the flows run.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createSettings } from './settings.mjs';

const SHIPPED_FLOW = join(import.meta.dirname, 'flows', 'zigbee2mqtt.json');

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  start(JSON.parse(line)).catch((error) => fail(error));
});
lines.once('close', () => stop(0));
process.once('SIGTERM', () => stop(0));
process.on('uncaughtException', (error) => fail(error));
process.on('unhandledRejection', (error) => fail(error));

/** @type {any} */
let RED = null;
let isStopping = false;

/** @param {import('./settings.mjs').RuntimeOptions} options */
async function start(options) {
  mkdirSync(options.userDir, { recursive: true });
  const flowFile = join(options.userDir, 'flows.json');
  if (!existsSync(flowFile)) copyFileSync(SHIPPED_FLOW, flowFile);
  RED = createRequire(import.meta.url)('node-red');
  const settings = createSettings(options);
  const server = createServer((req, res) => {
    const below = /^\/node-red(?=[/?]|$)/.exec(req.url ?? '');
    if (!below) return res.writeHead(404).end();
    // As if mounted below /node-red in an Express application.
    Object.assign(req, { originalUrl: req.url, baseUrl: '/node-red', url: req.url?.slice(below[0].length).replace(/^(?!\/)/, '/') });
    RED.httpAdmin(req, res);
  });
  RED.init(server, settings);
  const flowsStarted = new Promise((resolve) => RED.events.once('flows:started', resolve));
  await RED.start();
  // In safe mode the flows are loaded and do not start.
  if (!options.safeMode) await flowsStarted;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.stdout.write(`${JSON.stringify({ ready: address.port })}\n`);
}

/** @param {number} code */
async function stop(code) {
  if (isStopping) return;
  isStopping = true;
  // A node that does not close in time must not hold the engine's shutdown.
  setTimeout(() => process.exit(code), 8000).unref();
  try {
    await RED?.stop();
  } finally {
    process.exit(code);
  }
}

/** @param {unknown} error */
function fail(error) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stdout.write(`${JSON.stringify({ log: { level: 10, text } })}\n`, () => process.exit(1));
}
