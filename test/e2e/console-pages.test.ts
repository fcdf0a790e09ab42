import { strict as assert } from 'node:assert';
import { describeInBrowser, type Visitor } from '#test/support/browser.ts';
import { consolePages, prepareConsole, sharedSessions, type ConsolePage } from '#test/support/console-pages.ts';
import { startDemoServer, type DemoServer } from '#test/support/demo-server.ts';
import { missingTexts, sidewaysScroll } from './page-checks.ts';

const SIZES = [
  { name: 'desk', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const;

describeInBrowser('the pages of the console', () => {
  let demo: DemoServer;
  let pages: ConsolePage[];
  let become: (visitor: Visitor, name: string | null) => Promise<void>;

  before(async function () {
    this.timeout(60_000);
    demo = await startDemoServer({ SONGBAI_NODE_RED: 'off' });
    pages = consolePages(await prepareConsole(demo));
    become = await sharedSessions(demo, ['dispatcher', 'integrator', 'auditor']);
  });
  after(async function () {
    this.timeout(20_000);
    await demo?.stop();
  });
  afterEach(() => assert.deepEqual(demo.troubles(), []));

  for (const locale of ['zh-CN', 'en'] as const)
    for (const { name: size, width, height } of SIZES)
      describe(`when seen in ${locale} on a ${size}`, function () {
        this.timeout(60_000);
        const sideways: string[] = [];
        const missing: string[] = [];
        const languages: string[] = [];

        before(async () => {
          const visitor = await demo.visit({ locale, width, height });
          const { page } = visitor;
          await page.addInitScript((chosen) => localStorage.setItem('songbai.locale', chosen), locale);
          for (const { name, as, path, ready } of pages) {
            await become(visitor, as);
            await page.goto(path);
            await page.locator(ready).first().waitFor();
            languages.push((await page.locator('html').getAttribute('lang')) ?? '');
            for (const theme of ['light', 'dark'] as const) {
              await page.emulateMedia({ colorScheme: theme });
              await page.locator(`html[data-theme=${theme}]`).waitFor();
              await visitor.picture(`${name}-${size}-${locale}-${theme}`);
            }
            sideways.push(...(await sidewaysScroll(page)).map((finding) => `${name}: ${finding}`));
            missing.push(...(await missingTexts(page)).map((finding) => `${name}: ${finding}`));
          }
          await visitor.context.close();
        });

        it('never scrolls sideways', () => assert.deepEqual(sideways, []));
        it('has all its texts', () => assert.deepEqual(missing, []));
        it('is in that language', () => assert.deepEqual([...new Set(languages)], [locale]));
      });
});
