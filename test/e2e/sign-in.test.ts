import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { describeInBrowser, type Visitor } from '#test/support/browser.ts';
import { startDemoServer, type DemoServer } from '#test/support/demo-server.ts';

describeInBrowser('signing in and out', () => {
  let demo: DemoServer;

  before(async function () {
    this.timeout(60_000);
    demo = await startDemoServer({ SONGBAI_NODE_RED: 'off' });
  });
  after(async function () {
    this.timeout(20_000);
    await demo?.stop();
  });
  afterEach(() => assert.deepEqual(demo.troubles(), []));

  async function enter(page: Page, username: string, password: string): Promise<void> {
    await page.getByLabel('账号', { exact: true }).fill(username);
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
  }

  describe('when the password is wrong', () => {
    let visitor: Visitor;
    before(async () => {
      visitor = await demo.visit();
      await visitor.page.goto('/login');
    });

    it('asks for both when something is missing', async () => {
      // when
      await enter(visitor.page, 'designer', '');
      // then
      assert.equal(await visitor.page.getByRole('alert').innerText(), '请填写账号和密码。');
    });

    it('says so without telling which of the two it is', async () => {
      // when
      await enter(visitor.page, 'designer', 'wrong');
      await visitor.page.getByRole('alert').filter({ hasText: '不正确' }).waitFor();
      const known = await visitor.page.getByRole('alert').innerText();
      await Promise.all([visitor.page.waitForResponse('**/api/session'), enter(visitor.page, 'nobody', 'wrong')]);
      // then
      assert.equal(known, '账号或密码不正确，请检查后重试。');
      assert.equal(await visitor.page.getByRole('alert').innerText(), known);
      assert.equal(new URL(visitor.page.url()).pathname, '/login');
    });

    it('locks the account after five failures, even for the right password', async () => {
      // given
      const { page } = visitor;
      for (let attempt = 2; attempt <= 5; attempt++) {
        await Promise.all([page.waitForResponse('**/api/session'), enter(page, 'designer', `wrong ${attempt}`)]);
      }
      // when
      await enter(page, 'designer', 'songbai-demo');
      // then
      await page
        .getByRole('alert')
        .filter({ hasText: /登录失败次数过多，请在 \d+ 秒后再试/ })
        .waitFor();
      await visitor.picture('sign-in-locked');
      // other accounts go on
      await enter(page, 'dispatcher', 'songbai-demo');
      await page.waitForURL('**/inbox');
    });
  });

  describe('when somebody prefers another language', () => {
    it('switches on the login page, and keeps it for the account', async () => {
      // given
      const { page } = await demo.visit();
      await page.goto('/login');
      // when
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
      await page.getByRole('button', { name: /Auditor/ }).click();
      // then
      await page.getByRole('link', { name: 'Cases', exact: true }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      // when
      await page.getByRole('button', { name: /Account menu/ }).click();
      await page.getByRole('menuitem', { name: '简体中文' }).click();
      await page.getByRole('link', { name: '流程', exact: true }).waitFor();
      // then
      const elsewhere = await demo.visitAs('auditor', { locale: 'en' });
      await elsewhere.page.getByRole('link', { name: '流程', exact: true }).waitFor();
    });
  });

  describe('when somebody signs out', () => {
    it('leads to the login page, and back does not help', async () => {
      // given
      const { page } = await demo.visitAs('dispatcher');
      await page.getByRole('link', { name: '流程', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: '流程' }).waitFor();
      // when
      await page.getByRole('button', { name: /账号菜单/ }).click();
      await page.getByRole('menuitem', { name: '退出登录' }).click();
      await page.waitForURL('**/login');
      await page.goBack();
      // then
      await page.waitForURL('**/login?to=/instances');
      assert.equal(await page.evaluate(async () => (await fetch('/api/tasks')).status), 401);
    });
  });

  describe('when the session has ended meanwhile', () => {
    it('asks to sign in again and goes back to where one was', async () => {
      // given
      const { page, context } = await demo.visitAs('dispatcher');
      await page.getByRole('link', { name: '预警', exact: false }).click();
      await page.getByRole('heading', { level: 1, name: '预警' }).waitFor();
      // when
      await context.clearCookies();
      await page.getByRole('tab', { name: '全部' }).click();
      // then
      await page.waitForURL(/\/login\?/);
      await page.getByRole('status').filter({ hasText: '登录已过期，请重新登录。' }).waitFor();
      await enter(page, 'dispatcher', 'songbai-demo');
      await page.waitForURL('**/alerts');
      await page.getByRole('heading', { level: 1, name: '预警' }).waitFor();
    });

    it('asks a visitor without a session first, then shows the page asked for', async () => {
      // given
      const { page } = await demo.visit();
      await page.goto('/instances?status=ended');
      await page.waitForURL(/\/login\?to=/);
      // when
      await enter(page, 'dispatcher', 'songbai-demo');
      // then
      await page.waitForURL('**/instances?status=ended');
    });
  });
});
