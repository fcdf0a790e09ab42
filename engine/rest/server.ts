import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from './app.ts';

export interface HttpServer {
  server: Server;
  port: number;
  /** Takes no new connections, lets running requests finish for `graceMs`, then cuts the rest. */
  close(graceMs?: number): Promise<void>;
}

/** `port` 0 = any free one. Slow senders are cut off: 20 s for headers, 60 s for the whole request. */
export async function startServer(app: App, { host, port }: { host: string; port: number }): Promise<HttpServer> {
  const server = createServer(
    { headersTimeout: 20_000, requestTimeout: 60_000, keepAliveTimeout: 65_000, maxHeaderSize: 32_768 },
    app.handle,
  );
  server.on('upgrade', app.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: (graceMs = 5_000) => closeServer(server, app, graceMs),
  };
}

function closeServer(server: Server, app: App, graceMs: number): Promise<void> {
  app.close();
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
