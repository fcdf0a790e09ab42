import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { aVisitor, launchBrowser, type Visitor, type VisitorOptions } from './browser.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

/** The demo district as a process with a data directory of its own, and a browser to visit it. */
export interface DemoServer {
  server: ServerProcess;
  browser: Browser;
  visit(options?: Omit<VisitorOptions, 'url'>): Promise<Visitor>;
  /** A visitor who has signed in. */
  visitAs(username: string, options?: Omit<VisitorOptions, 'url'>): Promise<Visitor>;
  /** What every visitor of this server ran into, one line each. */
  troubles(): string[];
  stop(): Promise<void>;
}

export async function startDemoServer(env: Record<string, string> = {}): Promise<DemoServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'songbai-e2e-'));
  const [server, browser] = await Promise.all([startServerProcess({ dataDir, env }), launchBrowser()]);
  const visitors: { name: string; visitor: Visitor }[] = [];
  async function visit(options = {}, name = 'anonymous'): Promise<Visitor> {
    const visitor = await aVisitor(browser, { url: server.url, ...options });
    visitors.push({ name, visitor });
    return visitor;
  }
  return {
    server,
    browser,
    visit: (options) => visit(options),
    async visitAs(username, options) {
      const visitor = await visit(options, username);
      await visitor.signIn(username);
      return visitor;
    },
    troubles: () => visitors.flatMap(({ name, visitor }) => visitor.troubles.map((trouble) => `${name}: ${trouble}`)),
    async stop() {
      await browser.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
