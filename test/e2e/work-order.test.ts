import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { describeInBrowser, type Visitor } from '#test/support/browser.ts';
import { startDemoServer, type DemoServer } from '#test/support/demo-server.ts';
import { formPage, minutesFromNow } from '#test/support/form-page.ts';
import { foldAlerts, taskPage } from '#test/support/task-page.ts';

describeInBrowser('a work order, from the request to the closed case', () => {
  let demo: DemoServer;
  let dispatcher: Visitor;
  let provider: Visitor;
  let worker: Visitor;
  let agent: Visitor;
  let elder: string;
  let number: string;
  let caseUrl: string;

  before(async function () {
    this.timeout(60_000);
    demo = await startDemoServer();
    dispatcher = await demo.visitAs('dispatcher');
  });
  after(async function () {
    this.timeout(20_000);
    await demo?.stop();
  });
  afterEach(() => assert.deepEqual(demo.troubles(), []));

  describe('when the dispatcher sends an empty start form', () => {
    before(async () => {
      const { page } = dispatcher;
      await page.getByRole('link', { name: '发起', exact: true }).click();
      await page.getByRole('link', { name: /智能工单/ }).click();
      await formPage(page).text('contactPhone', '12345');
      await page.getByRole('button', { name: '提交发起' }).click();
    });

    it('could be sent although an alert has popped up beside it', async () => {
      assert.equal(await dispatcher.page.getByRole('alertdialog').count(), 1);
    });

    it('says at every field what is wrong', async () => {
      // given
      const form = formPage(dispatcher.page);
      // then
      for (const name of ['elderName', 'address', 'serviceItem', 'paymentWay', 'wantedFrom', 'consent'])
        assert.equal(await form.error(name).innerText(), '请填写此项', name);
      assert.equal(await form.error('contactPhone').innerText(), '请填写 11 位手机号');
      assert.equal(await form.error('remark').count(), 0);
      await dispatcher.picture('work-order-errors');
    });

    it('puts the focus on the list of errors, whose first link leads to the first field', async () => {
      // given
      const { page } = dispatcher;
      const summary = page.getByRole('alert').filter({ hasText: '还有 7 处需要修改' });
      assert.equal(await summary.evaluate((frame) => frame === document.activeElement), true);
      // when
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      // then
      await page.waitForFunction(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') === '/elderName');
    });
  });

  describe('when it is filled in', function () {
    this.timeout(20_000);

    it('starts, and the case can be followed', async () => {
      // given
      const { page } = dispatcher;
      const form = formPage(page);
      // when
      await form.field('elderId').locator('input').click();
      await page.getByRole('option').filter({ visible: true }).first().click();
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-field="/elderName"] input')?.value !== '');
      await form.choose('serviceItem', '助浴');
      await form.tick('paymentWay', '自费');
      await form.time('wantedFrom', minutesFromNow(120));
      await form.tick('consent', '是');
      await form.text('remark', '卫生间较小，请带防滑垫');
      elder = await form.field('elderName').locator('input').inputValue();
      await page.getByRole('button', { name: '提交发起' }).click();
      // then
      await page.getByRole('heading', { name: '智能工单已发起' }).waitFor();
      await dispatcher.picture('work-order-started');
      await page.getByRole('link', { name: '查看办理进度' }).click();
      await page.getByRole('heading', { level: 1, name: `${elder} · 助浴` }).waitFor();
      caseUrl = new URL(page.url()).pathname;
      number = await page.locator('.title .number').innerText();
    });
  });

  describe('when a field is for reading only', function () {
    this.timeout(20_000);

    it('shows text, not an input', async () => {
      // given
      const task = taskPage(dispatcher.page);
      await task.open('group', '受理', number);
      await task.claim();
      // then
      const form = formPage(dispatcher.page);
      await form.field('remark').locator('.value').filter({ hasText: '卫生间较小，请带防滑垫' }).waitFor();
      for (const name of ['elderName', 'address', 'serviceItem', 'contactPhone', 'paymentWay', 'remark']) {
        assert.equal(await form.field(name).locator('input, textarea, .el-select').count(), 0, name);
      }
    });

    it('refuses a forged write with 422 and the field', async () => {
      // when
      const answer = await dispatcher.page.evaluate(async (id) => {
        const { csrfToken } = (await (await fetch('/api/session')).json()) as { csrfToken: string };
        const response = await fetch(`/api/tasks/${id}/complete`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken },
          body: JSON.stringify({ data: { accept: true, slaClass: 'N2', elderName: '别人', paymentWay: 'free' } }),
        });
        return { status: response.status, body: (await response.json()) as { errors: { pointer: string }[] } };
      }, taskId(dispatcher.page));
      // then
      assert.equal(answer.status, 422);
      assert.deepEqual(answer.body.errors.map(({ pointer }) => pointer).sort(), ['/elderName', '/paymentWay']);
    });
  });

  describe('when it goes from hand to hand', function () {
    this.timeout(20_000);

    it('is accepted and dispatched', async () => {
      // given
      const { page } = dispatcher;
      const task = taskPage(page);
      // when
      await formPage(page).text('intakeNote', '老人行动不便，优先安排');
      await task.complete('受理');
      await task.title('派单').waitFor();
      await task.claim();
      await dispatch(page);
    });

    it('comes back when the provider refuses, with the reason', async () => {
      // given
      provider = await demo.visitAs('provider');
      const task = taskPage(provider.page);
      const form = formPage(provider.page);
      await task.open('group', '机构接单', number);
      await task.claim();
      // when
      await form.turn('offerAccepted');
      await form.tick('offerRefuseReason', '无人可派');
      await task.complete('机构接单');
      // then
      const again = taskPage(dispatcher.page);
      await again.open('group', '派单', number);
      await again.claim();
      const shown = (name: string, text: string | RegExp) =>
        formPage(dispatcher.page).field(name).locator('.value').filter({ hasText: text });
      await shown('dispatchCount', /^1$/).waitFor();
      await shown('refusalLog', '无人可派').waitFor();
      await dispatch(dispatcher.page);
    });

    it('is accepted, and a person is sent', async () => {
      // given
      const task = taskPage(provider.page);
      const form = formPage(provider.page);
      await task.open('group', '机构接单', number);
      await task.claim();
      // when
      await task.complete('机构接单');
      await task.title('安排人员').waitFor();
      await task.claim();
      await form.text('workerName', '张红梅');
      await form.text('workerPhone', '19900091001');
      await form.time('appointmentAt', minutesFromNow(60));
      await task.complete('安排人员');
    });

    it('is served, with position and photos', async () => {
      // given
      worker = await demo.visitAs('worker', { position: { latitude: 39.0851, longitude: 117.2153, accuracy: 18 } });
      await foldAlerts(worker.page);
      const task = taskPage(worker.page);
      const form = formPage(worker.page);
      const photo = { name: 'room.jpg', mimeType: 'image/jpeg', buffer: await worker.page.screenshot({ type: 'jpeg' }) };
      await task.open('group', '到达签到与核验', number);
      await task.claim();
      // when
      await form.time('arrivedAt', minutesFromNow(0));
      await form.field('position').getByRole('button', { name: '获取当前位置' }).click();
      await form.field('position').getByText('精度约 18 米').waitFor();
      await form.tick('identityMethod', '身份证');
      await worker.picture('work-order-check-in');
      await task.complete('到达签到与核验');
      await task.title('服务与拍照').waitFor();
      await task.claim();
      await form.time('serviceStartedAt', minutesFromNow(0));
      await form.time('serviceEndedAt', minutesFromNow(50));
      await form.tick('itemsDone', '预约项目已完成');
      await form.tick('itemsDone', '现场已清理');
      await form.photo('photosBefore', photo);
      await form.photo('photosAfter', photo);
      await form.tick('elderState', '良好');
      await worker.picture('work-order-service');
      await task.complete('服务与拍照');
    });

    it('is rated, called back because of the rating, and closed', async () => {
      // given
      const rating = taskPage(worker.page);
      await rating.title('评价').waitFor();
      await rating.claim();
      // when
      await formPage(worker.page).rate('ratingOverall', 3);
      await rating.complete('评价');
      agent = await demo.visitAs('callcenter');
      await foldAlerts(agent.page);
      const call = taskPage(agent.page);
      await call.open('group', '回访', number);
      await call.claim();
      await formPage(agent.page).time('visitContactedAt', minutesFromNow(0));
      await formPage(agent.page).rate('visitOverall', 4);
      await call.complete('回访');
      // then
      await dispatcher.page.goto(caseUrl);
      await dispatcher.page.getByText('已办结').first().waitFor();
    });
  });

  describe('when the closed case is looked at', () => {
    it('shows the way it went on the diagram', async () => {
      // given
      const passed = (id: string) => dispatcher.page.locator(`.djs-element[data-element-id="${id}"].is-passed`);
      await passed('close').waitFor();
      // then
      const went = [
        'start_order',
        'intake',
        'match',
        'dispatch',
        'offer',
        'count_refusal',
        'assign_worker',
        'check_in',
        'service',
        'rate',
        'return_visit',
        'end_completed',
      ];
      for (const id of went) assert.equal(await passed(id).count(), 1, id);
      for (const id of ['start_message', 'refuse', 'appoint', 'no_show', 'remedy', 'unrated'])
        assert.equal(await passed(id).count(), 0, id);
      assert.equal(await dispatcher.page.getByText(number).count(), 1);
      await dispatcher.picture('work-order-instance');
    });

    it('leaves the mark of bpmn.io in sight with nothing over it', async () => {
      // when
      const covered = await dispatcher.page.locator('.bjs-powered-by').evaluate((mark) => {
        const { left, top, width, height } = mark.getBoundingClientRect();
        const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + width * x, top + height * y] as const));
        return {
          width,
          height,
          by: points.map(([x, y]) => document.elementFromPoint(x, y)).filter((seen) => !seen || !mark.contains(seen)).length,
        };
      });
      // then
      assert.ok(covered.width >= 40 && covered.height >= 15, JSON.stringify(covered));
      assert.equal(covered.by, 0);
    });
  });
});

const taskId = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1)!;

/** Gives the order to the provider of the demo account. */
async function dispatch(page: Page): Promise<void> {
  await formPage(page).pickRow('providerId', '天塔街道居家养老服务中心');
  await taskPage(page).complete('派单');
}
