import { strict as assert } from 'node:assert';
import { describeInBrowser, type Visitor } from '#test/support/browser.ts';
import { startDemoServer, type DemoServer } from '#test/support/demo-server.ts';
import { formPage, minutesFromNow } from '#test/support/form-page.ts';
import { publishAsGateway } from '#test/support/mosquitto-pub.ts';
import { taskPage } from '#test/support/task-page.ts';

/** What zigbee2mqtt publishes for a Heiman HS1SA that smells smoke: the whole cached state. */
const SMOKE = { battery: 100, linkquality: 98, smoke: true, smoke_density: 42, test: false, voltage: 3225 };
const TOPIC = 'zigbee2mqtt/smoke-001';

interface Alert {
  kind: string;
  instanceId: string;
  elder: { name: string; address: string };
}

describeInBrowser('a smoke alarm, from the device to the closed case', () => {
  let demo: DemoServer;
  let agent: Visitor;
  let dispatcher: Visitor;
  let stranger: Visitor;
  let alert: Alert;

  before(async function () {
    this.timeout(60_000);
    demo = await startDemoServer();
    agent = await demo.visitAs('callcenter');
    dispatcher = await demo.visitAs('dispatcher');
    stranger = await demo.visitAs('worker2');
    // They sit in the console: the list of their posts is on the screen.
    for (const { page } of [agent, dispatcher]) {
      await page.getByRole('link', { name: /^本岗位待领/ }).click();
      await page.getByRole('region', { name: '待办列表' }).getByRole('link').first().waitFor();
    }
  });
  after(async function () {
    this.timeout(20_000);
    await demo?.stop();
  });
  afterEach(() => assert.deepEqual(demo.troubles(), []));

  const popup = ({ page }: Visitor) => page.getByRole('alertdialog').filter({ hasText: '烟雾报警' });
  const alertsOf = ({ page }: Visitor) =>
    page.evaluate(async () => ((await (await fetch('/api/alerts?status=all')).json()) as { items: Alert[] }).items);

  describe('when the gateway reports smoke', () => {
    it('pops up at the call centre and at the dispatcher within two seconds', async () => {
      // given
      const publishedAt = Date.now();
      let waitedMs = 0;
      // when
      await Promise.all([
        publishAsGateway(demo.server.mqttPort, TOPIC, SMOKE),
        popup(agent)
          .waitFor()
          .then(() => (waitedMs = Date.now() - publishedAt)),
        popup(dispatcher).waitFor(),
      ]);
      // then
      assert.ok(waitedMs < 2000, `Expected the pop-up within 2000 ms, but it took ${waitedMs} ms`);
      await agent.picture('alert-popup');
    });

    it('names level, elder and address', async () => {
      // given
      alert = (await alertsOf(agent)).find((item) => item.kind === 'smoke')!;
      // when
      const text = await popup(agent).innerText();
      // then
      for (const part of ['紧急', '烟雾报警', alert.elder.name, alert.elder.address, '厨房'])
        assert.ok(text.includes(part), `${part} is not in ${text}`);
    });

    it('raises no second pop-up when the same state comes again', async () => {
      // given
      const integrator = await demo.visitAs('integrator');
      // when
      await publishAsGateway(demo.server.mqttPort, TOPIC, SMOKE);
      await integrator.page.waitForFunction(async () => {
        const { items } = (await (await fetch('/api/inbox?status=done')).json()) as { items: { topic: string }[] };
        return items.filter((item) => item.topic === 'zigbee2mqtt/smoke-001').length === 2;
      });
      // then
      assert.equal(await popup(agent).count(), 1);
      assert.equal(await popup(agent).getByText('已触发').count(), 0);
      assert.equal((await alertsOf(agent)).filter((item) => item.kind === 'smoke').length, 1);
    });

    it('tells nobody in another district', async () => {
      assert.equal(await stranger.page.getByRole('alertdialog').count(), 0);
      assert.deepEqual(await alertsOf(stranger), []);
      await stranger.page.goto(`/instances/${alert.instanceId}`);
      await stranger.page.getByText('内容不存在，或已不在您的辖区范围内。').waitFor();
    });
  });

  describe('when the people on duty deal with it', function () {
    this.timeout(20_000);

    it('is claimed with one press, and called', async () => {
      // given
      const task = taskPage(agent.page);
      const form = formPage(agent.page);
      // when
      await popup(agent).getByRole('button', { name: '接警' }).click();
      await task.title('认领预警').waitFor();
      await popup(dispatcher).waitFor({ state: 'detached' });
      await form.text('claimNote', '已联系值班网格员');
      await agent.picture('alert-claimed');
      await task.complete('认领预警');
      await task.title('电话核实').waitFor();
      await task.claim();
      await form.tick('callResult', '需要帮助');
      await form.text('callNote', '老人称厨房有烟');
      await task.complete('电话核实');
    });

    it('sends somebody, who finds a fire', async () => {
      // given
      const worker = await demo.visitAs('worker');
      const task = taskPage(worker.page);
      const form = formPage(worker.page);
      await task.open('group', '上门签到', alert.elder.name);
      // when
      await task.claim();
      await form.time('arrivedAt', minutesFromNow(0));
      await form.text('positionReason', '楼道内没有定位信号');
      await form.tick('entryWay', '老人开门');
      await task.complete('上门签到');
      await task.title('现场判断').waitFor();
      await task.claim();
      await form.tick('siteState', '火情或燃气');
      await form.text('siteNote', '灶台油锅起烟，已关火通风');
      await task.complete('现场判断');
      await task.title('联系 119').waitFor();
      await task.claim();
      await form.time('emergencyCalledAt', minutesFromNow(0));
      await task.complete('联系 119');
      await task.title('处置记录').waitFor();
      await task.claim();
      await form.tick('outcome', '火情已处置');
      await form.text('handling', '明火已灭，消防到场确认，老人无恙');
      await task.complete('处置记录');
    });

    it('is reviewed by the dispatcher and ends', async () => {
      // given
      const task = taskPage(dispatcher.page);
      await task.open('group', '复核', alert.elder.name);
      // when
      await task.claim();
      await formPage(dispatcher.page).tick('reviewConclusion', '处置得当');
      await task.complete('复核');
      // then
      await dispatcher.page.goto(`/instances/${alert.instanceId}`);
      await dispatcher.page.getByText('已办结').first().waitFor();
    });

    it('closes the alert with the process', async () => {
      // when
      await agent.page.goto('/alerts');
      await agent.page.getByRole('cell', { name: '漏水报警' }).waitFor();
      // then
      assert.equal(
        await agent.page
          .getByRole('row')
          .filter({ has: agent.page.getByText('烟雾报警', { exact: true }) })
          .count(),
        0,
      );
      await agent.page.getByRole('tab', { name: '全部' }).click();
      await agent.page
        .getByRole('row')
        .filter({ has: agent.page.getByText('烟雾报警', { exact: true }) })
        .getByText('已解除')
        .waitFor();
    });
  });

  describe('when the auditor reads the case', () => {
    it('shows every step with who and when', async () => {
      // given
      const auditor = await demo.visitAs('auditor');
      // when
      await auditor.page.goto(`/instances/${alert.instanceId}`);
      const entries = auditor.page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: '办结' });
      await entries.filter({ hasText: '复核' }).waitFor();
      // then
      const done = await entries.evaluateAll((items) =>
        items
          .map((item) => [item.querySelector('.what span')?.textContent, item.querySelector('.who span')?.textContent].join(' '))
          .reverse(),
      );
      assert.deepEqual(done, [
        '认领预警 林晓彤',
        '电话核实 林晓彤',
        '上门签到 王建军',
        '现场判断 王建军',
        '联系 119 王建军',
        '处置记录 王建军',
        '复核 宋丽华',
      ]);
      const times = await entries
        .locator('time')
        .evaluateAll((items) => items.map((item) => Date.parse(item.getAttribute('datetime') ?? '')));
      assert.deepEqual(
        times,
        [...times].sort((a, b) => b - a),
      );
      assert.ok(times.every((at) => Math.abs(Date.now() - at) < 300_000));
      await auditor.picture('alert-timeline');
    });

    it('still shows the stranger nothing', async () => {
      assert.equal(await stranger.page.getByRole('alertdialog').count(), 0);
      assert.deepEqual(await alertsOf(stranger), []);
    });
  });
});
