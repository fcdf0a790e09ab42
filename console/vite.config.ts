import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

const outDir = join(import.meta.dirname, 'dist');

/** Writes `.gz` and `.br` beside every text asset over 1 KB, so that the server compresses nothing at run time. */
function precompress(): Plugin {
  return {
    name: 'songbai-precompress',
    apply: 'build',
    writeBundle({ dir = outDir }) {
      for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg|json)$/.test(file)) continue;
        const content = readFileSync(join(dir, file));
        if (content.length < 1024) continue;
        writeFileSync(join(dir, `${file}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(join(dir, `${file}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
      }
    },
  };
}

const server = process.env['SONGBAI_DEV_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), precompress()],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    // Messages are interpreted, never compiled with `new Function`: the server's CSP has no 'unsafe-eval'.
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/api', '/engine-rest', '/node-red', '/healthz'].map((path) => [
        path,
        { target: server, changeOrigin: true, ws: path === '/node-red' },
      ]),
    ),
  },
  build: {
    outDir,
    emptyOutDir: true,
    target: ['chrome108', 'edge108', 'firefox115', 'safari16'],
    // A data: URL would need its own CSP source.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules\/(@vue|vue|vue-router|vue-i18n|@intlify)\//, priority: 3 },
            // What nearly every page needs, in one file instead of forty: old proxies speak HTTP/1.1.
            { name: 'kit', test: /console\/src\/(ui|i18n\/\w+\.ts|api|session|theme|live)/, minShareCount: 3, priority: 2 },
            {
              name: 'element',
              test: /node_modules\/(element-plus|@element-plus|@vueuse|lodash-es|@ctrl|@floating-ui|@popperjs|@sxzz)\//,
              minShareCount: 5,
              priority: 1,
            },
          ],
        },
      },
    },
  },
});
