import { createReadStream, readdirSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Context } from 'koa';

interface File {
  path: string;
  size: number;
  type: string;
  etag: string;
  /** Vite puts a content hash into the names below `assets/`. */
  immutable: boolean;
  /** What the build laid beside the file, the smallest first. */
  compressed: readonly { coding: 'br' | 'gzip'; path: string; size: number }[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * The built console. Only files that were there when the folder was read are served: no path of a request ever reaches the
 * file system. Addresses of the app's own pages get `index.html`.
 */
export function createStaticFiles(dir: string | null, headers: Readonly<Record<string, string>>): { serve(ctx: Context): boolean } {
  let files = dir ? index(dir) : new Map<string, File>();
  return {
    serve(ctx) {
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return false;
      // The console may be built while the server runs.
      if (dir && !files.has('/index.html')) files = index(dir);
      const file = files.get(ctx.path) ?? (isPage(ctx) ? files.get('/index.html') : undefined);
      if (!file) return false;
      ctx.respond = false;
      answer(ctx, file, headers);
      return true;
    },
  };
}

const isPage = (ctx: Context): boolean => extname(ctx.path) === '' && (ctx.req.headers.accept ?? '*/*').match(/text\/html|\*\/\*/) !== null;

function answer(ctx: Context, file: File, headers: Readonly<Record<string, string>>): void {
  const { req, res } = ctx;
  const accepted = codings(String(req.headers['accept-encoding'] ?? ''));
  const compressed = file.compressed.find(({ coding }) => accepted.has(coding));
  const own: Record<string, string | number> = {
    ...headers,
    'content-type': file.type,
    etag: file.etag,
    vary: 'accept-encoding',
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (req.headers['if-none-match'] === file.etag) return void res.writeHead(304, own).end();
  if (compressed) own['content-encoding'] = compressed.coding;
  own['content-length'] = compressed?.size ?? file.size;
  res.writeHead(200, own);
  if (req.method === 'HEAD') return void res.end();
  const stream = createReadStream(compressed?.path ?? file.path);
  stream.on('error', () => res.destroy());
  res.on('close', () => stream.destroy());
  stream.pipe(res);
}

/** What `Accept-Encoding` names, without what it forbids by `q=0`. */
function codings(header: string): ReadonlySet<string> {
  const parts = header.split(',').map((part) => part.trim().toLowerCase());
  return new Set(parts.filter((part) => !/;\s*q=0(\.0*)?$/.test(part)).map((part) => part.split(';')[0]!.trim()));
}

function index(dir: string): Map<string, File> {
  const files = new Map<string, File>();
  for (const path of walk(dir)) {
    if (path.endsWith('.br') || path.endsWith('.gz') || path.endsWith('.map')) continue;
    const url = `/${relative(dir, path).split(sep).join('/')}`;
    const { size, mtimeMs } = statSync(path);
    files.set(url, {
      path,
      size,
      type: TYPES[extname(path)] ?? 'application/octet-stream',
      etag: `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`,
      immutable: url.startsWith('/assets/'),
      compressed: CODINGS.flatMap(([coding, ending]) => {
        const found = statSync(path + ending, { throwIfNoEntry: false });
        return found ? [{ coding, path: path + ending, size: found.size }] : [];
      }),
    });
  }
  const start = files.get('/index.html');
  if (start) files.set('/', start);
  return files;
}

function* walk(dir: string): Generator<string> {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* walk(join(dir, entry.name));
    else if (entry.isFile()) yield join(dir, entry.name);
  }
}
