import http from 'node:http';
import https from 'node:https';

/** Tries after the first one, for a connection that breaks or an engine that is restarting. Unit: ms. */
const RETRY_AFTER_MS = [200, 1000, 3000];
const ANSWER_LIMIT = 8 * 1024 * 1024;

/** The engine refused: `status` and `code` say why. */
export class EngineError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
    this.code = code;
  }
}

/**
 * @typedef {object} CallOptions
 * @property {number} [timeoutMs] default 15 000
 * @property {AbortSignal} [signal]
 * @property {Record<string, string>} [headers]
 */

/**
 * JSON over kept-alive connections to one engine.
 * @param {{url: string, token: string}} target
 */
export function createEngineClient({ url, token }) {
  const base = new URL(url);
  const transport = base.protocol === 'https:' ? https : http;
  const agent = new transport.Agent({ keepAlive: true, maxSockets: 16 });

  /**
   * One request, no retry.
   * @param {string} path
   * @param {unknown} body
   * @param {CallOptions} [options]
   * @returns {Promise<any>}
   */
  function post(path, body, { timeoutMs = 15_000, signal, headers = {} } = {}) {
    const text = JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = transport.request(
        new URL(path, base),
        {
          method: 'POST',
          agent,
          signal,
          timeout: timeoutMs,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers },
        },
        (response) => readAnswer(response).then(resolve, reject),
      );
      request.on('timeout', () => request.destroy(new Error(`Expected an answer of the engine within ${timeoutMs} ms, but none came`)));
      request.on('error', reject);
      request.end(text);
    });
  }

  return {
    post,
    /**
     * As `post`, again when the engine cannot be reached or says 5xx or 429. Every call of ours may be repeated:
     * the engine knows the lease.
     * @param {string} path
     * @param {unknown} body
     * @param {CallOptions} [options]
     */
    async postWithRetry(path, body, options) {
      for (const waitMs of RETRY_AFTER_MS) {
        try {
          return await post(path, body, options);
        } catch (error) {
          if (options?.signal?.aborted || !isTemporary(error)) throw error;
          await sleep(waitMs, options?.signal);
        }
      }
      return post(path, body, options);
    },
    close() {
      agent.destroy();
    },
  };
}

/** @param {unknown} error */
export function isTemporary(error) {
  return !(error instanceof EngineError) || error.status >= 500 || error.status === 429;
}

/**
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function sleep(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}

/** @param {http.IncomingMessage} response */
async function readAnswer(response) {
  const chunks = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > ANSWER_LIMIT) throw new Error(`Expected an answer of at most ${ANSWER_LIMIT} bytes, but it is longer`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const status = response.statusCode ?? 0;
  const body = parse(text);
  if (status >= 200 && status < 300) return body;
  throw new EngineError(status, body?.code ?? 'HTTP', body?.detail ?? body?.title ?? `Expected the engine to accept the request, but it answered ${status}`);
}

/** @param {string} text */
function parse(text) {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
