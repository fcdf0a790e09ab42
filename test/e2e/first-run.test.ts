import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { describeInBrowser, type Visitor } from '#test/support/browser.ts';
import { startDemoServer, type DemoServer } from '#test/support/demo-server.ts';
import { axeFindings, missingTexts, sidewaysScroll } from './page-checks.ts';

const ADMIN = { username: 'li.na', password: '松柏长青 2026 年春天' };
const DISPATCHER = { username: 'wang.wei', password: 'a first sentence' };

describeInBrowser('the first run of an empty server', () => {
  let empty: DemoServer;
  let link: string;
  const visitors: Visitor[] = [];

  const visit = async (options = {}): Promise<Visitor> => {
    const visitor = await empty.visit(options);
    visitors.push(visitor);
    return visitor;
  };

  before(async function () {
    this.timeout(60_000);
    empty = await startDemoServer({ SONGBAI_SEED: 'empty', SONGBAI_NODE_RED: 'off' });
    // The notice follows the ready line in the same moment.
    while (!empty.server.output().includes('valid once')) await new Promise((resolve) => empty.server.child.stdout?.once('data', resolve));
    link = /first administrator: open (\S+) \(valid once, 24 h\)/.exec(empty.server.output())?.[1] ?? assert.fail('no link');
  });
  after(async function () {
    this.timeout(20_000);
    await empty?.stop();
  });
  afterEach(() => assert.deepEqual(empty.troubles(), []));

  async function fill(page: Page, fields: Record<string, string>): Promise<void> {
    for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
  }
  async function enter(page: Page, { username, password }: typeof ADMIN): Promise<void> {
    await page.goto('/login');
    await fill(page, { username, password });
    await page.getByRole('button', { name: '登录', exact: true }).click();
  }
  async function looksRight(visitor: Visitor, name: string): Promise<void> {
    for (const [size, width, height] of [
      ['desk', 1440, 900],
      ['phone', 390, 844],
    ] as const) {
      await visitor.page.setViewportSize({ width, height });
      await visitor.picture(`first-run-${name}-${size}`);
      assert.deepEqual(await sidewaysScroll(visitor.page), [], `${name} ${size}`);
      assert.deepEqual(await missingTexts(visitor.page), [], `${name} ${size}`);
      assert.deepEqual(await axeFindings(visitor.page), [], `${name} ${size}`);
    }
    await visitor.page.setViewportSize({ width: 1440, height: 900 });
  }

  it('shows nothing of it on the login page, and asks for the link without one', async () => {
    const { page } = await visit();
    await page.goto('/login');
    await page.getByRole('heading', { level: 1, name: '登录' }).waitFor();
    assert.equal(await page.locator('a[href*=setup], .demo').count(), 0);
    await page.goto('/setup');
    await page.getByText('请打开服务启动时在终端显示的完整链接。').waitFor();
    assert.equal(await page.locator('form').count(), 0);
  });

  it('says field by field what has to be corrected, and sends the token in no address', async function () {
    this.timeout(20_000);
    // given
    const visitor = await visit();
    const { page } = visitor;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
    await page.goto(link);
    // when
    await fill(page, { 'district-code': '12', username: 'Li', password: 'short', 'password-again': 'shorter' });
    await page.getByRole('button', { name: '完成设置' }).click();
    await page.getByText('两次输入的密码不一致。').waitFor();
    await fill(page, { 'password-again': 'short' });
    await page.getByRole('button', { name: '完成设置' }).click();
    // then
    await page.getByText('请填写 6 位行政区划代码。').waitFor();
    assert.equal(await page.locator('[data-tone=red]').count(), 5);
    await looksRight(visitor, 'setup');
    const token = link.split('#')[1] ?? assert.fail();
    assert.deepEqual(
      asked.filter((address) => address.includes(token) && !address.startsWith(link)),
      [],
    );
  });

  it('makes the administrator, who begins at the inbox', async () => {
    // given
    const { page } = await visit();
    await page.goto(link);
    // when
    await fill(page, { 'district-code': '120103', 'district-name': '河西区', name: '李娜', username: ADMIN.username });
    await fill(page, { password: ADMIN.password, 'password-again': ADMIN.password });
    await page.getByRole('button', { name: '完成设置' }).click();
    // then
    await page.waitForURL('**/inbox');
    await page.getByText('河西区').first().waitFor();
  });

  it('is over afterwards', async () => {
    const { page } = await visit();
    await page.goto(link);
    await fill(page, { 'district-code': '120104', 'district-name': '南开区', name: '某人', username: 'somebody' });
    await fill(page, { password: ADMIN.password, 'password-again': ADMIN.password });
    await page.getByRole('button', { name: '完成设置' }).click();
    await page.getByRole('alert').filter({ hasText: '链接无效、已使用或已过期' }).waitFor();
  });

  it('lets the administrator add a dispatcher, who signs in, and end the account again', async function () {
    this.timeout(30_000);
    // given
    const visitor = await visit();
    const { page } = visitor;
    await enter(page, ADMIN);
    await page.getByRole('link', { name: '账号', exact: true }).click();
    // when
    await page.getByRole('button', { name: '新增账号' }).click();
    await fill(page, { 'account-name': '王伟', 'account-username': DISPATCHER.username, 'account-password': DISPATCHER.password });
    await page.getByText('街道受理调度员').click();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('请选择您管辖范围内的区域，至少一个。').waitFor();
    await looksRight(visitor, 'new-account');
    await page.locator('#account-areas').press('Enter');
    await page.getByRole('option', { name: '河西区' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '保存' }).click();
    // then
    await page.getByRole('row', { name: /王伟/ }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await looksRight(visitor, 'accounts');
    const dispatcher = await visit();
    await enter(dispatcher.page, DISPATCHER);
    await dispatcher.page.waitForURL('**/inbox');
    assert.equal(await dispatcher.page.getByRole('link', { name: '账号', exact: true }).count(), 0);
    // when
    await page.getByRole('button', { name: '停用王伟的账号' }).click();
    await page.getByRole('button', { name: '确认停用' }).click();
    await page.getByRole('row', { name: /王伟.*已停用/ }).waitFor();
    // then
    await dispatcher.page.goto('/start');
    await dispatcher.page.waitForURL(/\/login/);
  });
});
