import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path)) ?? null;
const mustRun = process.env['CI'] === 'true' || process.env['SONGBAI_TEST_REQUIRE_ALL'] !== undefined || process.getuid?.() === 0;
const OUTPUT = fileURLToPath(new URL('../e2e/output/', import.meta.url));

/** `describe` with a browser; without Chromium it is skipped visibly, or fails where all must run. */
export function describeInBrowser(title: string, tests: () => void): void {
  if (CHROMIUM || mustRun) describe(title, tests);
  else describe.skip(`${title} (needs chromium: apt-get install chromium)`, tests);
}

/** Runs in the page: what the content security policy refused becomes a console error. */
const REPORT_CSP = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber);
});`;

export async function launchBrowser(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('Expected chromium to be installed, but it is not: apt-get install chromium');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] });
}

export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** CSP violations, page errors and failed console messages so far. */
  troubles: string[];
  signIn(username: string): Promise<void>;
  /** Keeps a picture under test/e2e/output/, of the visitor's page or of a tab it opened. */
  picture(name: string, tab?: Page): Promise<void>;
}

export interface VisitorOptions {
  url: string;
  locale?: 'zh-CN' | 'en';
  width?: number;
  height?: number;
  dark?: boolean;
  /** What the browser tells a page that asks where it is; without it the page may not ask. */
  position?: { latitude: number; longitude: number; accuracy: number };
}

/** A person at a browser: own cookies, one page, every trouble noted. */
export async function aVisitor(
  browser: Browser,
  { url, locale = 'zh-CN', width = 1440, height = 900, dark = false, position }: VisitorOptions,
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    locale,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    ...(position && { geolocation: position, permissions: ['geolocation'] }),
    ...(width < 500 && { hasTouch: true, isMobile: true }),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const troubles: string[] = [];
  await page.addInitScript({ content: REPORT_CSP });
  page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) troubles.push(message.text());
  });
  return {
    page,
    context,
    troubles,
    async signIn(username) {
      await page.goto('/login');
      await page.locator('#username').fill(username);
      await page.locator('#password').fill('songbai-demo');
      await page.locator('#password').press('Enter');
      await page.waitForURL((address) => !address.pathname.startsWith('/login'));
    },
    async picture(name, tab = page) {
      mkdirSync(OUTPUT, { recursive: true });
      await tab.screenshot({ path: `${OUTPUT}${name}.png`, animations: 'disabled' });
    },
  };
}
