import { strict as assert } from 'node:assert';
import { describeInBrowser, type Visitor } from '#test/support/browser.ts';
import { consolePages, prepareConsole, sharedSessions, type ConsolePage } from '#test/support/console-pages.ts';
import { startDemoServer, type DemoServer } from '#test/support/demo-server.ts';
import { axeFindings } from './page-checks.ts';
import { taskPage } from '#test/support/task-page.ts';

const CHECKED = ['login', 'inbox-task', 'start-form', 'instance', 'alerts', 'devices', 'audit'];
const VIEWS = [
  { name: 'on a desk, light', width: 1440, height: 900, dark: false },
  { name: 'on a desk, dark', width: 1440, height: 900, dark: true },
  { name: 'on a phone, light', width: 390, height: 844, dark: false },
] as const;

describeInBrowser('the console for everybody', () => {
  let demo: DemoServer;
  let pages: ConsolePage[];
  let become: (visitor: Visitor, name: string | null) => Promise<void>;

  before(async function () {
    this.timeout(60_000);
    demo = await startDemoServer({ SONGBAI_NODE_RED: 'off' });
    pages = consolePages(await prepareConsole(demo)).filter(({ name }) => CHECKED.includes(name));
    become = await sharedSessions(demo, ['dispatcher', 'integrator', 'auditor']);
  });
  after(async function () {
    this.timeout(20_000);
    await demo?.stop();
  });
  afterEach(() => assert.deepEqual(demo.troubles(), []));

  for (const { name: view, ...options } of VIEWS)
    describe(`when axe-core looks ${view}`, function () {
      this.timeout(40_000);
      it('finds nothing serious', async () => {
        // given
        const visitor = await demo.visit(options);
        const findings: string[] = [];
        // when
        for (const { name, as, path, ready } of pages) {
          await become(visitor, as);
          await visitor.page.goto(path);
          await visitor.page.locator(ready).first().waitFor();
          findings.push(...(await axeFindings(visitor.page)).map((finding) => `${name}: ${finding}`));
        }
        // then
        assert.deepEqual(findings, []);
      });
    });

  describe('when there is no mouse', function () {
    this.timeout(40_000);

    it('can be worked from sign-in to a completed task', async () => {
      // given
      const { page } = await demo.visit();
      const press = (key: string): Promise<void> => page.keyboard.press(key);
      const selected = page.locator('a.task[aria-current=true]');
      await page.goto('/login');
      // when: sign in
      await tabTo(page, '#username');
      await page.keyboard.type('dispatcher');
      await press('Tab');
      await page.keyboard.type('songbai-demo');
      await press('Enter');
      await page.waitForURL('**/inbox');
      // when: to the queue of the post
      await tabTo(page, 'a.queue[href$="queue=group"]');
      await press('Enter');
      await page.locator('a.queue[href$="queue=group"][aria-current=true]').waitFor();
      await page.locator('a.task').nth(1).waitFor();
      // then: j goes down, k up
      await press('j');
      await selected.waitFor();
      const first = await selected.getAttribute('href');
      await press('j');
      await page.waitForFunction((href) => document.querySelector('a.task[aria-current=true]')?.getAttribute('href') !== href, first);
      await press('k');
      await page.waitForFunction((href) => document.querySelector('a.task[aria-current=true]')?.getAttribute('href') === href, first);
      // when: down to an order that can be taken in with its defaults
      for (let step = 0; step < 6 && (await openTask(page)) !== '受理'; step++) await press('j');
      await taskPage(page).title('受理').waitFor();
      // when: claim, go into the form, fill in, complete
      await press('c');
      await page.getByRole('button', { name: '办结' }).waitFor();
      await press('e');
      await page.waitForFunction(() => document.activeElement?.closest('[data-field]') !== null);
      await tabTo(page, '[data-field="/intakeNote"] textarea');
      await page.keyboard.type('键盘办理');
      await tabTo(page, 'button.main.el-button--primary');
      await press('Enter');
      // then
      await page.getByText('“受理”已办结').waitFor();
    });
  });
});

/** The name of the selected task, once its form is on the screen. */
async function openTask(page: Visitor['page']): Promise<string> {
  const name = await page.waitForFunction(() => {
    const selected = document.querySelector('a.task[aria-current=true] .name')?.textContent;
    const isOpen =
      document.querySelector('h1:not(.visually-hidden)')?.textContent === selected && document.querySelector('#task-panel .field') !== null;
    return isOpen ? selected : null;
  });
  return (await name.jsonValue()) ?? '';
}

/** Presses Tab until the focus is there. @throws Error after 80 steps: it cannot be reached */
async function tabTo(page: Visitor['page'], selector: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    if (await page.evaluate((target) => document.activeElement?.matches(target) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Expected Tab to reach ${selector}, but it does not`);
}
