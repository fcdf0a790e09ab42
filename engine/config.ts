import { randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseWindow, type CleanupWindow } from './history/cleanup-window.ts';
import { daysOf } from './history/retention.ts';
import { HISTORY_LEVELS, type HistoryLevel } from './store/history-level.ts';

/** The environment's settings, checked once at start. Table: docs/architecture.md §9. */
export interface Config {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string;
  /** 0 = no embedded broker. */
  mqttPort: number;
  /** An external broker takes the place of the embedded one. */
  mqttUrl: string | null;
  nodeRed: boolean;
  seed: 'demo' | 'empty';
  nodeId: string;
  jobs: boolean;
  /** Folders below plugins/, or paths of folders. */
  plugins: string[];
  /** Folder with one file per secret. */
  secretsDir: string;
  publicUrl: string | null;
  trustedProxies: number;
  logLevel: string;
  /** Of processes without `songbai:historyLevel`. */
  historyLevel: HistoryLevel;
  /** Days, of processes without a time to live; null = their history is kept for ever. */
  historyTimeToLive: number | null;
  /** Time of the day; null = history is cleaned up only when somebody asks for it. */
  historyCleanup: CleanupWindow | null;
}

/** A setting that the server cannot start with; `main.ts` prints the message as one line. */
export class ConfigError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'ConfigError';
    this.code = code;
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** @throws ConfigError */
export function readConfig(env: Record<string, string | undefined>): Config {
  const dataDir = resolve(env['SONGBAI_DATA_DIR'] || 'data');
  makeWritable(dataDir);
  const config: Config = {
    port: port('SONGBAI_PORT', env['SONGBAI_PORT'], 8080),
    host: env['SONGBAI_HOST'] || '127.0.0.1',
    dataDir,
    databaseUrl: databaseUrl(env['SONGBAI_DATABASE_URL'], dataDir),
    mqttPort: port('SONGBAI_MQTT_PORT', env['SONGBAI_MQTT_PORT'], 1883),
    mqttUrl: url('SONGBAI_MQTT_URL', env['SONGBAI_MQTT_URL'], ['mqtt', 'mqtts', 'ws', 'wss']),
    nodeRed: oneOf('SONGBAI_NODE_RED', env['SONGBAI_NODE_RED'], ['on', 'off'], 'on') === 'on',
    seed: oneOf('SONGBAI_SEED', env['SONGBAI_SEED'], ['demo', 'empty'], 'demo'),
    nodeId: nodeId(env['SONGBAI_NODE_ID']),
    jobs: oneOf('SONGBAI_JOBS', env['SONGBAI_JOBS'], ['on', 'off'], 'on') === 'on',
    plugins: plugins(env['SONGBAI_PLUGINS']),
    secretsDir: resolve(env['SONGBAI_SECRETS_DIR'] || `${dataDir}/secrets`),
    publicUrl: url('SONGBAI_PUBLIC_URL', env['SONGBAI_PUBLIC_URL'], ['http', 'https']),
    trustedProxies: trustedProxies(env['SONGBAI_TRUSTED_PROXIES']),
    logLevel: oneOf('SONGBAI_LOG_LEVEL', env['SONGBAI_LOG_LEVEL'], LOG_LEVELS, 'info'),
    historyLevel: oneOf('SONGBAI_HISTORY_LEVEL', env['SONGBAI_HISTORY_LEVEL'], HISTORY_LEVELS, 'full'),
    historyTimeToLive: timeToLive(env['SONGBAI_HISTORY_TIME_TO_LIVE']),
    historyCleanup: cleanupWindow(env['SONGBAI_HISTORY_CLEANUP']),
  };
  if (!LOOPBACK.includes(config.host) && config.seed === 'demo')
    throw new ConfigError('DEMO_NOT_PUBLIC', `Expected SONGBAI_SEED=empty when SONGBAI_HOST is not loopback, but the demo's well-known passwords would be open to ${config.host}`);
  return config;
}

function port(name: string, text: string | undefined, fallback: number): number {
  if (!text) return fallback;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 65535)) throw new ConfigError('CONFIG_INVALID', `Expected ${name} to be a port from 0 to 65535, but it is "${text}"`);
  return number;
}

/** It stands in a header of every answer and in columns of 64 characters. */
function nodeId(text: string | undefined): string {
  if (!text) return randomUUID().slice(0, 8);
  if (!/^[\w.-]{1,48}$/.test(text)) throw new ConfigError('CONFIG_INVALID', `Expected SONGBAI_NODE_ID to be at most 48 letters, digits, dots, hyphens and underscores, but it is ${JSON.stringify(text)}`);
  return text;
}

function plugins(text: string | undefined): string[] {
  if (!text) return ['http-connector'];
  if (text === 'off') return [];
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => !/^([a-z0-9][a-z0-9-]*|.*[\\/].+)$/.test(name)))
    throw new ConfigError('CONFIG_INVALID', `Expected SONGBAI_PLUGINS to be off, or folders of plugins with commas between them, but it is ${JSON.stringify(text)}`);
  return names;
}

function timeToLive(text: string | undefined): number | null {
  if (!text) return null;
  const days = daysOf(text);
  if (days === null) throw new ConfigError('CONFIG_INVALID', `Expected SONGBAI_HISTORY_TIME_TO_LIVE to be a number of days like 180 or P180D, but it is ${JSON.stringify(text)}`);
  return days;
}

function cleanupWindow(text: string | undefined): CleanupWindow | null {
  try {
    return parseWindow(text || '02:00-05:00');
  } catch {
    throw new ConfigError('CONFIG_INVALID', `Expected SONGBAI_HISTORY_CLEANUP to be off or a time of the day like 02:00-05:00, but it is ${JSON.stringify(text)}`);
  }
}

function trustedProxies(text: string | undefined): number {
  if (!text) return 0;
  if (!/^\d{1,3}$/.test(text)) throw new ConfigError('CONFIG_INVALID', `Expected SONGBAI_TRUSTED_PROXIES to be a whole number from 0 to 999, but it is ${JSON.stringify(text)}`);
  return Number(text);
}

function url(name: string, text: string | undefined, schemes: readonly string[]): string | null {
  if (!text) return null;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (!parsed?.hostname || !schemes.includes(parsed.protocol.slice(0, -1)))
    throw new ConfigError('CONFIG_INVALID', `Expected ${name} to be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, but it is ${JSON.stringify(withoutPassword(text))}`);
  return text;
}

function oneOf<T extends string>(name: string, text: string | undefined, allowed: readonly T[], fallback: NoInfer<T>): T {
  if (!text) return fallback;
  const found = allowed.find((value) => value === text);
  if (!found) throw new ConfigError('CONFIG_INVALID', `Expected ${name} to be one of ${allowed.join(', ')}, but it is "${text}"`);
  return found;
}

function databaseUrl(text: string | undefined, dataDir: string): string {
  if (!text) return `sqlite:${dataDir}/songbai.sqlite`;
  if (/^sqlite:.+/.test(text)) return text;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (!parsed || !['mysql:', 'mariadb:'].includes(parsed.protocol) || parsed.pathname.length < 2)
    throw new ConfigError('DATABASE_URL_INVALID', `Expected SONGBAI_DATABASE_URL to be sqlite:<file> or mysql://user:password@host:port/database, but it is "${withoutPassword(text)}"`);
  return text;
}

function withoutPassword(url: string): string {
  // Up to the last @, because a password that was not encoded may hold any character.
  return url.replace(/(\/\/[^:@/]*):.*@/, '$1:***@');
}

function makeWritable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConfigError('DATA_DIR_UNWRITABLE', `Expected the data directory ${dataDir} (SONGBAI_DATA_DIR) to be writable, but: ${(error as Error).message}`);
  }
}
