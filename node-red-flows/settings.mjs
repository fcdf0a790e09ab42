import { join } from 'node:path';
import { createConsoleLogin } from './console-login.mjs';

/** Core nodes that reach the machine, open ports, or serve HTTP: `/hooks` is the engine's. */
const EXCLUDED = ['90-exec.js', '10-file.js', '23-watch.js', '31-tcpin.js', '32-udp.js', '21-httpin.js', '22-websocket.js', '10-mqtt.js', '06-httpproxy.js'];

/**
 * @typedef {object} RuntimeOptions
 * @property {string} userDir its own folder, the only one it may write
 * @property {string} engineUrl loopback address of the engine
 * @property {string} token scope device-events only
 * @property {string} credentialSecret
 * @property {string} workerId names this process to the engine, which takes its leases back when it ends
 * @property {boolean} safeMode start without running flows
 * @property {number} [sessionSeconds] default 8 h
 */

/**
 * The settings of the flow runtime. Storage: files in `userDir`; the flow is readable, credentials are encrypted.
 * @param {RuntimeOptions} options
 */
export function createSettings({ userDir, engineUrl, token, credentialSecret, workerId, safeMode, sessionSeconds = 8 * 3600 }) {
  const login = createConsoleLogin({ engineUrl, sessionSeconds });
  return {
    userDir,
    flowFile: 'flows.json',
    flowFilePretty: true,
    credentialSecret,
    safeMode,
    songbai: { url: engineUrl, token, workerId },

    httpAdminRoot: '/node-red',
    httpNodeRoot: false,
    httpAdminMiddleware: login.middleware,
    httpAdminCookieOptions: { name: 'songbai_flow_login', path: '/node-red', sameSite: 'lax' },
    adminAuth: login.adminAuth,
    apiMaxLength: '5mb',

    nodesDir: [join(import.meta.dirname, 'nodes')],
    nodesExcludes: EXCLUDED,
    functionExternalModules: false,
    globalFunctionTimeout: 2,
    functionTimeout: 2,
    nodeMessageBufferMaxLength: 1000,
    exportGlobalContextKeys: false,
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
      modules: { allowInstall: false },
    },

    lang: 'zh-CN',
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: false, ui: false },
    runtimeState: { enabled: false, ui: false },
    editorTheme: {
      page: { title: '松柏 · 设备流程' },
      header: { title: '松柏 · 设备流程' },
      tours: false,
      multiplayer: { enabled: false },
      projects: { enabled: false },
      palette: { categories: ['subflows', 'songbai', 'common', 'function', 'network', 'sequence', 'parser'] },
      codeEditor: { lib: 'ace' },
      logout: { redirect: '/' },
    },
    logging: { console: { level: 'off' }, songbai: { level: 'info', metrics: false, audit: true, handler: () => writeLog } },
  };
}

/** One JSON line per entry on stdout, for the supervisor. @param {any} entry */
function writeLog(entry) {
  const { level, msg, type, id, event, user, path } = entry;
  const text = msg instanceof Error ? (msg.stack ?? msg.message) : typeof msg === 'string' ? msg : msg === undefined ? event : JSON.stringify(msg);
  process.stdout.write(`${JSON.stringify({ log: { level, text, type, id, event, user: user?.username, path } })}\n`);
}
