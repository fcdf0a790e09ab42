import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import { createTestServer, type TestClient, type TestServer } from '#test/support/test-server.ts';

interface Card {
  id: string;
  name: string;
  instanceId: string;
  title: string;
  assignee: string | null;
  assigneeName: string | null;
  lamp: string;
  elder: { id: string; name: string } | null;
  area: { path: string; name: string };
  rev: number;
}
interface Problem {
  status: number;
  code: string;
  title: string;
  errors?: { pointer: string; keyword: string; message: string }[];
}
type Json = Record<string, unknown>;

/** The console's own resources, on the demo district. */
for (const dialect of dialects()) dialect.describe('/api', () => consoleApiOn(dialect.newDatabase));

function consoleApiOn(newDatabase: () => Promise<string>): void {
  let server: TestServer;
  const people: Record<string, TestClient> = {};
  const as = (username: string): TestClient => people[username] ?? assert.fail(`nobody signed in as ${username}`);

  before(async function () {
    this.timeout(60_000);
    server = await createTestServer({ SONGBAI_DATABASE_URL: await newDatabase() });
    for (const username of ['admin', 'dispatcher', 'worker', 'callcenter', 'auditor', 'provider', 'designer', 'worker2', 'admin2'])
      people[username] = await server.signIn(username);
  });
  after(() => server.stop());

  const read = async <T = Json>(answer: Response, status = 200): Promise<T> => {
    assert.equal(answer.status, status, await answer.clone().text());
    return (await answer.json()) as T;
  };
  const order = {
    elderName: '王秀兰',
    contactPhone: '13800000001',
    address: '天塔街道环湖南里1号楼101',
    serviceItem: 'meal',
    channel: 'phone',
    paymentWay: 'self',
    wantedFrom: '2030-01-01T09:00:00+08:00',
    consent: true,
  };

  async function startOrder(data: Json = {}, headers: Record<string, string> = {}): Promise<{ id: string; businessKey: string }> {
    const answer = await as('dispatcher').post('/api/processes/work_order/start', { data: { ...order, ...data } }, headers);
    return read(answer, 201);
  }
  async function taskOf(instance: string, username = 'dispatcher'): Promise<Card> {
    const { tasks } = await read<{ tasks: Card[] }>(await as(username).get(`/api/instances/${instance}`));
    return tasks[0] ?? assert.fail('the instance has a task');
  }

  describe('when a process is started', () => {
    it('is offered with its form to those who may start it', async () => {
      const list = await read<{ key: string; category: string }[]>(await as('dispatcher').get('/api/processes'));
      assert.deepEqual(
        list.map(({ key }) => key).filter((key) => key === 'work_order'),
        ['work_order'],
      );
      assert.deepEqual(await read(await as('provider').get('/api/processes')), []);
      const { form } = await read<{ form: { key: string; definitionUrl: string; moduleUrl: string } }>(
        await as('dispatcher').get('/api/processes/work_order/start-form'),
      );
      assert.equal(form.key, 'work-order-create');
      const definition = await as('dispatcher').get(form.definitionUrl);
      assert.equal(definition.headers.get('content-type'), 'application/json');
      assert.match(definition.headers.get('cache-control') ?? '', /immutable/);
      const module = await as('dispatcher').get(form.moduleUrl);
      assert.equal(module.headers.get('content-type'), 'text/javascript');
    });

    it('starts once per idempotency key and numbers the case', async () => {
      const first = await startOrder({}, { 'idempotency-key': 'k1' });
      assert.match(first.businessKey, /^120103-GD-\d{8}-\d{5,}$/);
      assert.equal((await startOrder({}, { 'idempotency-key': 'k1' })).id, first.id);
    });

    it('answers 422 with one entry per wrong field', async () => {
      const problem = await read<Problem>(
        await as('dispatcher').post('/api/processes/work_order/start', { data: { ...order, contactPhone: '12', unheard: 1 } }),
        422,
      );
      assert.equal(problem.code, 'FORM_INVALID');
      const pointers = problem.errors?.map(({ pointer }) => pointer);
      assert.ok(pointers?.includes('/contactPhone') && pointers.includes('/unheard'), JSON.stringify(problem.errors));
    });

    it('refuses roles that do not handle cases, and unknown processes', async () => {
      assert.equal((await as('auditor').post('/api/processes/work_order/start', { data: order })).status, 403);
      assert.equal((await as('dispatcher').post('/api/processes/nothing/start', { data: {} })).status, 404);
    });
  });

  describe('when a task is worked on', () => {
    it('is claimed, filled in and completed, and the next one is offered', async () => {
      const { id, businessKey } = await startOrder();
      const card = await taskOf(id);
      assert.equal(card.name, '受理');
      assert.equal(card.lamp, 'green');
      const found = await read<{ items: Card[] }>(await as('dispatcher').get(`/api/tasks?queue=group&search=${businessKey}`));
      assert.deepEqual(
        found.items.map((item) => item.id),
        [card.id],
      );
      const claimed = await read<Card>(await as('dispatcher').post(`/api/tasks/${card.id}/claim`, { rev: card.rev }));
      assert.equal(claimed.assigneeName, '宋丽华');
      const detail = await read<Json & { canComplete: boolean; data: Json; permissions: Json }>(
        await as('dispatcher').get(`/api/tasks/${card.id}`),
      );
      assert.equal(detail.canComplete, true);
      assert.equal(detail.data['elderName'], '王秀兰');
      assert.equal(detail.permissions['elderName'], 'readonly');
      const refused = await read<Problem>(await as('dispatcher').post(`/api/tasks/${card.id}/complete`, { data: {} }), 422);
      assert.ok((refused.errors?.length ?? 0) > 0);
      const readonly = await read<Problem>(
        await as('dispatcher').post(`/api/tasks/${card.id}/complete`, { data: { elderName: '李四' } }),
        422,
      );
      assert.ok(readonly.errors?.some(({ pointer, keyword }) => pointer === '/elderName' && keyword === 'readOnly'));
    });

    it('goes on with the next task of the same case', async () => {
      const card = await taskOf((await startOrder()).id);
      await as('dispatcher').post(`/api/tasks/${card.id}/claim`, {});
      const data = { accept: true, slaClass: 'N2' };
      const { next } = await read<{ next: Card | null }>(await as('dispatcher').post(`/api/tasks/${card.id}/complete`, { data }));
      assert.equal(next?.name, '派单');
      assert.equal(next.instanceId, card.instanceId);
      assert.equal((await as('dispatcher').post(`/api/tasks/${card.id}/complete`, { data })).status, 404);
      const { variables } = await read<{ variables: { name: string; value: unknown }[] }>(
        await as('dispatcher').get(`/api/instances/${card.instanceId}`),
      );
      assert.equal(variables.find(({ name }) => name === 'slaClass')?.value, 'N2');
    });

    it('tells the second one that somebody has it', async () => {
      const card = await taskOf((await startOrder()).id);
      await read(await as('dispatcher').post(`/api/tasks/${card.id}/claim`, {}));
      const second = await read<Problem>(await as('callcenter').post(`/api/tasks/${card.id}/claim`, {}), 409);
      assert.equal(second.code, 'TASK_ALREADY_CLAIMED');
      assert.equal((await as('callcenter').post(`/api/tasks/${card.id}/complete`, { data: {} })).status, 409);
      const back = await read<Card>(await as('dispatcher').post(`/api/tasks/${card.id}/unclaim`, {}));
      assert.equal(back.assignee, null);
    });

    it('answers 409 to whoever looked at an older revision', async () => {
      const card = await taskOf((await startOrder()).id);
      const problem = await read<Problem>(await as('dispatcher').post(`/api/tasks/${card.id}/claim`, { rev: card.rev + 5 }), 409);
      assert.equal(problem.code, 'REVISION_CONFLICT');
    });

    it('lets one of many win when all claim at once', async () => {
      const card = await taskOf((await startOrder()).id);
      const answers = await Promise.all(
        ['dispatcher', 'callcenter', 'dispatcher', 'callcenter'].map((who) => as(who).post(`/api/tasks/${card.id}/claim`, {})),
      );
      const owners = new Set<string | null>();
      for (const answer of answers) if (answer.status === 200) owners.add(((await answer.json()) as Card).assignee);
      assert.equal(owners.size, 1);
      assert.ok(answers.every(({ status }) => status === 200 || status === 409));
    });

    it('refuses those who are no candidates', async () => {
      const card = await taskOf((await startOrder()).id);
      assert.equal((await as('worker').post(`/api/tasks/${card.id}/claim`, {})).status, 403);
      assert.equal((await as('auditor').post(`/api/tasks/${card.id}/claim`, {})).status, 403);
      assert.equal((await as('provider').get(`/api/tasks/${card.id}`)).status, 404);
    });

    it('answers 400 to what is not in the schema', async () => {
      assert.equal((await as('dispatcher').get('/api/tasks?queue=everything')).status, 400);
      assert.equal((await as('dispatcher').post('/api/tasks/1/claim', { assignee: 'me' })).status, 400);
      assert.equal((await as('dispatcher').post('/api/tasks/1/complete', { data: [] })).status, 400);
    });

    it('pages without repeating', async () => {
      const seen = new Set<string>();
      let cursor: string | null = null;
      do {
        const page: { items: Card[]; nextCursor: string | null } = await read(
          await as('dispatcher').get(`/api/tasks?queue=all&limit=3${cursor ? `&cursor=${cursor}` : ''}`),
        );
        for (const { id } of page.items) {
          assert.ok(!seen.has(id), `task ${id} came twice`);
          seen.add(id);
        }
        cursor = page.nextCursor;
      } while (cursor);
      assert.ok(seen.size > 3);
    });
  });

  describe('when an instance is looked at', () => {
    it('shows where it is, where it was, and what happened', async () => {
      const { id } = await startOrder();
      const detail = await read<{ active: { elementId: string }[]; passed: string[]; takenFlows: string[]; variables: { name: string }[] }>(
        await as('dispatcher').get(`/api/instances/${id}`),
      );
      assert.deepEqual(
        detail.active.map(({ elementId }) => elementId),
        ['intake'],
      );
      assert.ok(detail.passed.includes('start_order'));
      assert.ok(detail.takenFlows.length > 0);
      assert.ok(detail.variables.some(({ name }) => name === 'serviceItem'));
      const timeline = await read<{ kind: string; actor: { name: string } | null }[]>(
        await as('dispatcher').get(`/api/instances/${id}/timeline`),
      );
      assert.deepEqual(timeline[0] && { kind: timeline[0].kind, actor: timeline[0].actor?.name }, {
        kind: 'InstanceStarted',
        actor: '宋丽华',
      });
      const diagram = await as('dispatcher').get(`/api/instances/${id}/diagram`);
      assert.equal(diagram.headers.get('content-type'), 'application/xml');
      assert.match(await diagram.text(), /<bpmn:process id="work_order"/);
    });

    it('masks numbers for those who do not handle cases', async () => {
      const { id } = await startOrder();
      const forAuditor = await (await as('auditor').get(`/api/instances/${id}`)).text();
      assert.doesNotMatch(forAuditor, /13800000001/);
      assert.match(forAuditor, /138\*{4}0001/);
      assert.match(await (await as('dispatcher').get(`/api/instances/${id}`)).text(), /13800000001/);
    });

    it('lists running and ended ones', async () => {
      const list = await read<{ items: { status: string; area: { path: string } }[] }>(
        await as('auditor').get('/api/history/instances?status=all&limit=200'),
      );
      assert.ok(list.items.some(({ status }) => status === 'ended') && list.items.some(({ status }) => status === 'active'));
      assert.equal((await as('dispatcher').get('/api/history/instances')).status, 403);
    });
  });

  describe('when somebody of another district or street asks', () => {
    it('finds nothing, neither in lists nor by id', async () => {
      const { id } = await startOrder();
      const card = await taskOf(id);
      for (const stranger of ['worker2', 'admin2']) {
        const client = as(stranger);
        for (const path of [
          `/api/tasks/${card.id}`,
          `/api/instances/${id}`,
          `/api/instances/${id}/diagram`,
          `/api/instances/${id}/timeline`,
          '/api/elders/E120103-0001',
        ])
          assert.equal((await client.get(path)).status, 404, `${stranger} ${path}`);
        for (const verb of ['claim', 'unclaim']) assert.equal((await client.post(`/api/tasks/${card.id}/${verb}`, {})).status, 404, verb);
        for (const path of ['/api/tasks?queue=all', '/api/instances?status=all', '/api/elders', '/api/areas'])
          assert.doesNotMatch(await (await client.get(path)).text(), /120103/, `${stranger} ${path}`);
      }
      assert.doesNotMatch(await (await as('admin2').get('/api/audit')).text(), /120103|宋丽华/);
    });

    it('shows elders of the own street only', async () => {
      const elders = await read<{ area: string }[]>(await as('dispatcher').get('/api/elders'));
      assert.ok(elders.length > 0 && elders.every(({ area }) => area.startsWith('120103/120103008')));
      assert.equal((await as('designer').get('/api/elders')).status, 403);
    });
  });

  describe('when nobody is signed in', () => {
    it('answers 401 everywhere but at the door', async () => {
      for (const path of [
        '/api/session',
        '/api/tasks',
        '/api/tasks/counts',
        '/api/processes',
        '/api/instances',
        '/api/elders',
        '/api/areas',
        '/api/audit',
        '/api/stream',
        '/api/forms/x.json',
      ])
        assert.equal((await fetch(server.url + path)).status, 401, path);
      const accounts = await read<{ username: string; password: string }[]>(await fetch(`${server.url}/api/demo-accounts`));
      assert.ok(accounts.some(({ username, password }) => username === 'dispatcher' && password === 'songbai-demo'));
    });
  });

  describe('when an auditor reads the operation log', () => {
    it('finds who did what', async () => {
      const card = await taskOf((await startOrder()).id);
      await as('dispatcher').post(`/api/tasks/${card.id}/claim`, {});
      let entries: { path: string; actor: { name: string }; status: number }[] = [];
      // The log is written right after the answer.
      for (let tries = 0; tries < 50 && !entries.some(({ path }) => path === `/api/tasks/${card.id}/claim`); tries += 1)
        entries = (await read<{ items: typeof entries }>(await as('auditor').get('/api/audit'))).items;
      const entry = entries.find(({ path }) => path === `/api/tasks/${card.id}/claim`);
      assert.equal(entry?.actor.name, '宋丽华');
      assert.equal(entry.status, 200);
      assert.equal((await as('dispatcher').get('/api/audit')).status, 403);
    });
  });

  describe('when tasks change', () => {
    it('tells the streams of those who may see them', async () => {
      const open = async (username: string) => {
        const abort = new AbortController();
        const answer = await fetch(`${server.url}/api/stream`, { headers: { cookie: as(username).cookie }, signal: abort.signal });
        assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
        return { reader: answer.body!.pipeThrough(new TextDecoderStream()).getReader(), abort };
      };
      const mine = await open('dispatcher');
      const theirs = await open('worker2');
      const { id } = await startOrder();
      let text = '';
      while (!text.includes(`"instanceId":"${id}"`)) text += (await mine.reader.read()).value ?? '';
      assert.match(text, /event: task\ndata: \{"op":"created"/);
      assert.match(text, /^id: .+-\d+$/m);
      const strange = (await theirs.reader.read()).value ?? '';
      assert.doesNotMatch(strange, /data:/);
      mine.abort.abort();
      theirs.abort.abort();
    });
  });
}
