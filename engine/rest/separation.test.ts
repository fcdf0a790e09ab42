import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { allRoutes } from './all-routes.ts';
import type { AppContext } from './app-context.ts';
import type { Route } from './route.ts';
import { dialects } from '#test/support/dialects.ts';
import { createTestServer, type TestServer } from '#test/support/test-server.ts';

const ORDER = readFileSync(new URL('./engine-rest/order.bpmn', import.meta.url), 'utf8');
const SENTINEL = 'SENTINEL-4711';
const STREET = '120103/120103008';

/** Bodies with which a route gets past its schema; everything else is sent without. */
const BODIES: Record<string, unknown> = {
  'task.claim': { userId: 'thief' },
  'task.assignee': { userId: 'thief' },
  'external-task.complete': { workerId: 'w' },
  'external-task.failure': { workerId: 'w' },
  'external-task.bpmn-error': { workerId: 'w', errorCode: 'x' },
  'external-task.lock': { workerId: 'w', lockDuration: 1000 },
  'external-task.extend-lock': { workerId: 'w', newDuration: 1000 },
  'external-task.retries': { retries: 1 },
  'external-task.priority': { priority: 1 },
  'job.retries': { retries: 1 },
  'job.due-date': { duedate: '2026-11-22T08:00:00.000+0000' },
  'job.priority': { priority: 1 },
  'job.suspend': { suspended: true },
  'job-definition.suspend': { suspended: true },
  'job-definition.retries': { retries: 1 },
  'job-definition.priority': { priority: 1 },
  'batch.suspend': { suspended: true },
  'process-definition.suspend': { suspended: true },
  'process-definition.suspend-by-key': { suspended: true },
  'process-definition.suspend-by-key-and-tenant': { suspended: true },
  'process-instance.suspend': { suspended: true },
  'process-instance.modification': { instructions: [{ type: 'startBeforeActivity', activityId: 'accept' }] },
  'process-instance.modification-async': { instructions: [{ type: 'startBeforeActivity', activityId: 'accept' }] },
  'external-task.fetch-and-lock': { workerId: 'thief', maxTasks: 1000, topics: [{ topicName: 'score', lockDuration: 1000 }] },
  'message.correlate': { messageName: 'paid' },
  'signal.throw': { name: 'paid' },
  'execution.signal': {},
  'task.bpmn-error': { errorCode: 'x' },
  'task.bpmn-escalation': { escalationCode: 'x' },
  'process-instance.variable.put': { value: 'stolen' },
  'api.task.complete': { data: {} },
  'api.instance.ad-hoc.activate': { elements: [{ id: 'x' }] },
};
/** Searches that need a filter to be a search. */
const QUERIES: Record<string, string> = {
  'history.activity-instance.list': '?finished=true',
  'history.activity-instance.count': '?finished=true',
  'history.variable-instance.list': '?processInstanceId=:instance',
  'history.variable-instance.count': '?processInstanceId=:instance',
  'api.task.list': '?queue=all',
  'api.instance.list': '?status=all',
};

/** Every route × strangers of another district and of the street beside: single objects do not exist, lists hold nothing. */
for (const dialect of dialects()) dialect.describe('separation of districts and streets', () => separationOn(dialect.newDatabase));

function separationOn(newDatabase: () => Promise<string>): void {
  let server: TestServer;
  const ids: Record<string, string> = {};
  const strangers: Record<string, (method: string, path: string, body?: unknown) => Promise<Response>> = {};

  const caller = (headers: Record<string, string>) => (method: string, path: string, body?: unknown) =>
    fetch(server.url + path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const basic = (name: string) => ({ authorization: `Basic ${btoa(`${name}:password-of-${name}`)}` });

  before(async function () {
    this.timeout(60_000);
    server = await createTestServer({ SONGBAI_DATABASE_URL: await newDatabase() });
    const scopes = ['engine-rest', 'external-tasks', 'device-events'];
    const client = (id: string, tenant: string, areas: string[]) =>
      server.identity.clients.createBasic({ id, name: id, tenant, areas, scopes, password: `password-of-${id}` });
    await client('home', '120103', ['120103']);
    await client('other-district', '120104', ['120104']);
    await client('other-street', '120103', ['120103/120103009']);
    await client('pretender', '120104', ['120103']);
    await client('nowhere', '120103', []);
    for (const name of ['other-district', 'other-street', 'pretender', 'nowhere']) strangers[name] = caller(basic(name));
    for (const [username, tenant, area] of [
      ['neighbor', '120103', '120103/120103009'],
      ['foreigner', '120104', '120104'],
    ] as const) {
      const roles = ['district-admin', 'dispatcher', 'designer', 'integrator', 'auditor', 'callcenter', 'worker'] as const;
      await server.identity.createAccount({
        username,
        name: username,
        password: 'songbai-demo',
        tenant,
        tenantName: '',
        roles: [...roles],
        areas: [area],
      });
      const { cookie, csrfToken } = await server.signIn(username);
      strangers[username] = caller({ cookie, 'x-csrf-token': csrfToken });
    }
    await prepare(caller({ ...basic('home'), 'x-songbai-area': STREET }));
  });
  after(() => server.stop());

  async function prepare(home: (method: string, path: string, body?: unknown) => Promise<Response>): Promise<void> {
    const form = new FormData();
    form.set('deployment-name', 'separation');
    form.set('order.bpmn', new Blob([ORDER]), 'order.bpmn');
    const deployed = (await (
      await fetch(`${server.url}/engine-rest/deployment/create`, { method: 'POST', headers: basic('home'), body: form })
    ).json()) as {
      id: string;
      deployedProcessDefinitions: Record<string, unknown>;
    };
    ids['deployment'] = deployed.id;
    ids['process-definition'] = Object.keys(deployed.deployedProcessDefinitions)[0] ?? '';
    const variables = { secret: { value: SENTINEL }, file: { type: 'File', value: btoa(SENTINEL), valueInfo: { filename: 'f' } } };
    const start = async () =>
      (
        (await (await home('POST', '/engine-rest/process-definition/key/order/start', { businessKey: SENTINEL, variables })).json()) as {
          id: string;
        }
      ).id;
    const lock = async () =>
      (await (
        await home('POST', '/engine-rest/external-task/fetchAndLock', {
          workerId: 'home',
          maxTasks: 10,
          topics: [{ topicName: 'score', lockDuration: 600_000 }],
        })
      ).json()) as { id: string }[];
    const withTask = await start();
    for (const { id } of await lock())
      await home('POST', `/engine-rest/external-task/${id}/complete`, { workerId: 'home', variables: { score: { value: 1 } } });
    const withJob = await start();
    for (const { id } of await lock())
      await home('POST', `/engine-rest/external-task/${id}/complete`, { workerId: 'home', variables: { score: { value: 1 } } });
    const [jobTask] = (await (await home('GET', `/engine-rest/task?processInstanceId=${withJob}`)).json()) as { id: string }[];
    await home('POST', `/engine-rest/task/${jobTask?.id}/complete`, {});
    assert.equal((await home('POST', '/engine-rest/message', { messageName: 'paid', processInstanceId: withJob })).status, 204);
    const withIncident = await start();
    for (const { id } of await lock()) {
      ids['external-task'] = id;
      await home('POST', `/engine-rest/external-task/${id}/failure`, { workerId: 'home', errorMessage: SENTINEL });
    }
    // Somebody's to lock, but not the strangers'.
    await start();
    const first = async (path: string) => ((await (await home('GET', path)).json()) as { id: string }[])[0]?.id ?? assert.fail(path);
    ids['instance'] = withTask;
    ids['task'] = await first(`/engine-rest/task?processInstanceId=${withTask}`);
    ids['job'] = await first(`/engine-rest/job?processInstanceId=${withJob}`);
    ids['incident'] = await first(`/engine-rest/incident?processInstanceId=${withIncident}`);
  }

  function pathOf({ path, id }: Route): string {
    const kind = /^\/(?:engine-rest|api)\/(?:history\/)?([a-z-]+)/.exec(path)?.[1] ?? '';
    const own: Record<string, string | undefined> = {
      task: ids['task'],
      tasks: ids['task'],
      'external-task': ids['external-task'],
      job: ids['job'],
      incident: ids['incident'],
      deployment: ids['deployment'],
      'process-definition': ids['process-definition'],
      elders: 'E120103-0001',
    };
    return (
      path
        .replace(':id', own[kind] ?? ids['instance'] ?? '')
        .replace(':key', 'order')
        .replace(':tenant', '120103')
        .replace(':name', path.endsWith('/data') ? 'file' : 'secret') + (QUERIES[id] ?? '').replace(':instance', ids['instance'] ?? '')
    );
  }

  const NOT_OURS =
    /^api\.(session|demo-accounts|stream|form|area|process|alert|device|device-event|inbox)\.|^deployment\.create|^(engine|version)\.|start/;
  const routes = allRoutes({
    settings: { publicUrl: null },
    engine: {},
    store: {},
    identity: {},
    hub: {},
    forms: {},
  } as unknown as AppContext).filter(({ id }) => !NOT_OURS.test(id));

  for (const route of routes) {
    const isSingle = route.path.includes(':');
    it(`${route.id} ${isSingle ? 'does not exist' : 'holds nothing'} for strangers`, async () => {
      const body = route.body ? (BODIES[route.id] ?? (route.id.startsWith('history.') ? historyBody(route.id) : {})) : undefined;
      for (const [name, call] of Object.entries(strangers)) {
        // A definition is the district's, not the street's: there the street beside is no stranger.
        if (/^(deployment|process-definition|decision-definition|history\.process-definition)\./.test(route.id) && ['other-street', 'nowhere', 'neighbor'].includes(name)) continue;
        const answer = await call(route.method, pathOf(route), body);
        const text = await answer.text();
        const who = `${name} got ${answer.status}: ${text.slice(0, 300)}`;
        assert.ok(!text.includes(SENTINEL) && !text.includes(btoa(SENTINEL)), who);
        if (isSingle) assert.ok([403, 404, route.camundaStatus?.[404]].includes(answer.status), who);
        else assert.ok([200, 204, 400, 403].includes(answer.status), who);
        // Definitions of the shared standard are everybody's.
        if (route.id.endsWith('count') && !/^(deployment|process-definition|job-definition|decision-definition)\./.test(route.id))
          assert.match(text, /"count":0|"mine":0|NOT_ALLOWED|Authorization/, who);
      }
    });
  }

  function historyBody(id: string): unknown {
    if (id.includes('activity')) return { finished: true };
    return id.includes('variable') ? { processInstanceId: ids['instance'] } : {};
  }

  it('leaves the objects as they were', async () => {
    const home = caller(basic('home'));
    const task = (await (await home('GET', `/engine-rest/task/${ids['task']}`)).json()) as { assignee: string | null };
    assert.equal(task.assignee, null);
    const variables = (await (await home('GET', `/engine-rest/process-instance/${ids['instance']}/variables`)).json()) as Record<
      string,
      { value: unknown }
    >;
    assert.equal(variables['secret']?.value, SENTINEL);
    assert.equal((await home('GET', `/engine-rest/job/${ids['job']}`)).status, 200);
    assert.equal(
      ((await (await home('GET', `/engine-rest/external-task/${ids['external-task']}`)).json()) as { retries: number }).retries,
      0,
    );
  });
}
