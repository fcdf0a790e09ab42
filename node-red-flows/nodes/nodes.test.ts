import { strict as assert } from 'node:assert';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

interface Helper {
  init(runtimePath: string, settings?: object): void;
  startServer(callback: () => void): Promise<void>;
  stopServer(callback: () => void): Promise<void>;
  load(nodes: unknown[], flow: object[], credentials: object): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): FlowNode;
}
interface FlowNode {
  on(event: string, listener: (...args: never[]) => void): void;
  receive(message: object): void;
  openEvents(): number;
}
interface Message {
  topic?: string;
  payload?: unknown;
  event?: Record<string, unknown>;
  lease?: { eventId: string; leaseToken: string };
  alert?: { id: string };
  outcome?: string;
  instanceId?: string;
  instanceIds?: string[];
  error?: { message: string };
}
interface Call {
  path: string;
  body: Record<string, unknown>;
  headers: IncomingMessage['headers'];
  answer(status: number, body?: unknown): void;
}

const require = createRequire(import.meta.url);
const helper = require('node-red-node-test-helper') as Helper;
helper.init(require.resolve('node-red'), { logging: { console: { level: 'off' } } });

const nodeTypes = await Promise.all(
  ['server', 'events-in', 'raise-alert', 'start-process', 'correlate-message', 'acknowledge'].map(
    async (name) => ((await import(new URL(`./${name}/node.js`, import.meta.url).href)) as { default: unknown }).default,
  ),
);

describe('Node-RED nodes', () => {
  let engine: Server;
  let port: number;
  /** Calls that wait for an answer of the test, by path; what nobody waits for is kept. */
  let calls: Call[];
  let arrived = Promise.withResolvers<void>();

  before((done) => void helper.startServer(() => done()));
  after((done) => void helper.stopServer(() => done()));
  beforeEach(async () => {
    calls = [];
    engine = createServer((req, res) => void take(req, res));
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', () => resolve()));
    port = (engine.address() as AddressInfo).port;
  });
  afterEach(async () => {
    await helper.unload();
    engine.closeAllConnections();
    await new Promise((resolve) => engine.close(resolve));
  });

  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of req) text += String(chunk);
    const answer = (status: number, body?: unknown): void => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body));
    };
    calls.push({ path: req.url ?? '', body: JSON.parse(text) as Record<string, unknown>, headers: req.headers, answer });
    arrived.resolve();
  }
  async function nextCall(path: string): Promise<Call> {
    for (;;) {
      const index = calls.findIndex((call) => call.path === path);
      if (index >= 0) return calls.splice(index, 1)[0]!;
      arrived = Promise.withResolvers<void>();
      await arrived.promise;
    }
  }

  const server = (): object => ({ id: 'server', type: 'songbai-server', url: `http://127.0.0.1:${port}` });
  const load = (...nodes: object[]): Promise<void> => {
    const placed = nodes.map((node) => ({ ...node, z: 'tab', x: 100, y: 100 }));
    return helper.load(nodeTypes, [{ id: 'tab', type: 'tab' }, server(), ...placed], { server: { token: 'secret-token' } });
  };
  const leased = { topic: 'sos', payload: 'emergency', event: { id: '7', capability: 'sos', receivedAt: 1000, deviceCode: 'SOS-001' }, lease: { eventId: '7', leaseToken: 'abc' } };
  const nextMessage = (id: string): Promise<Message> => new Promise((resolve) => helper.getNode(id).on('input', (message: never) => resolve(message)));

  describe('events in', () => {
    const eventsIn = { id: 'in', type: 'songbai-events-in', server: 'server', leaseSeconds: 30, maxOpen: 2, capabilities: 'sos, smoke', wires: [['out']] };
    const event = (id: string): object => ({ id, leaseToken: `t${id}`, capability: 'sos', value: 'emergency', edge: 'rise' });

    it('leases events with its token and sends them with their lease', async () => {
      // given
      await load(eventsIn, { id: 'out', type: 'helper' });
      const message = nextMessage('out');
      // when
      const call = await nextCall('/api/device-events/fetch');
      call.answer(200, [event('1')]);
      // then
      assert.deepEqual([call.headers.authorization, call.body['max'], call.body['leaseMs'], call.body['capabilities']], ['Bearer secret-token', 2, 30_000, ['sos', 'smoke']]);
      const { topic, payload, lease, event: rest } = await message;
      assert.deepEqual([topic, payload, lease], ['sos', 'emergency', { eventId: '1', leaseToken: 't1' }]);
      assert.equal(rest!['leaseToken'], undefined);
    });

    it('takes no more than it may have open, and goes on when one is settled', async () => {
      // given
      await load(eventsIn, { id: 'ack', type: 'songbai-acknowledge', server: 'server', wires: [[]] }, { id: 'out', type: 'helper' });
      (await nextCall('/api/device-events/fetch')).answer(200, [event('1')]);
      const second = await nextCall('/api/device-events/fetch');
      assert.equal(second.body['max'], 1);
      const full = nextMessage('out');
      second.answer(200, [event('2')]);
      await full;
      assert.equal(helper.getNode('server').openEvents(), 2);
      assert.deepEqual(calls, []);
      // when
      helper.getNode('ack').receive({ lease: { eventId: '1', leaseToken: 't1' } });
      (await nextCall('/api/device-events/1/ack')).answer(204);
      // then
      assert.equal((await nextCall('/api/device-events/fetch')).body['max'], 1);
    });

    it('asks again after the engine was away', async () => {
      // given
      await load(eventsIn, { id: 'out', type: 'helper' });
      // when
      (await nextCall('/api/device-events/fetch')).answer(503);
      // then
      (await nextCall('/api/device-events/fetch')).answer(200, []);
    });
  });

  describe('raise alert', () => {
    const raise = (changes: object = {}): object => ({ id: 'raise', type: 'songbai-raise-alert', server: 'server', action: 'raise', kind: '', level: '', details: '', detailsType: 'msg', wires: [['created'], ['other']], ...changes });
    const ends = [{ id: 'created', type: 'helper' }, { id: 'other', type: 'helper' }];

    it('raises with the lease and sends a new alert to the first output', async () => {
      // given
      await load(raise({ level: '1' }), ...ends);
      const message = nextMessage('created');
      // when
      helper.getNode('raise').receive(structuredClone(leased));
      const call = await nextCall('/api/alerts');
      call.answer(201, { alert: { id: '42' }, outcome: 'created' });
      // then
      assert.deepEqual(call.body, { eventId: '7', leaseToken: 'abc', kind: 'sos', level: 1, at: 1000, value: 'emergency' });
      assert.equal((await message).alert!.id, '42');
    });

    it('sends a repeated alert to the second output', async () => {
      // given
      await load(raise(), ...ends);
      const message = nextMessage('other');
      // when
      helper.getNode('raise').receive(structuredClone(leased));
      (await nextCall('/api/alerts')).answer(200, { alert: { id: '42' }, outcome: 'repeated' });
      // then
      assert.equal((await message).outcome, 'repeated');
    });

    it('tells that the sensor is quiet again', async () => {
      // given
      await load(raise({ action: 'recover', kind: 'smoke' }), ...ends);
      // when
      helper.getNode('raise').receive(structuredClone(leased));
      const call = await nextCall('/api/alerts/clear');
      call.answer(200, { alert: null, outcome: 'none' });
      // then
      assert.deepEqual(call.body, { eventId: '7', leaseToken: 'abc', kind: 'smoke', at: 1000 });
    });

    it('repeats the same call when the engine was away', async () => {
      // given
      await load(raise(), ...ends);
      const message = nextMessage('created');
      // when
      helper.getNode('raise').receive(structuredClone(leased));
      const first = await nextCall('/api/alerts');
      first.answer(503);
      const second = await nextCall('/api/alerts');
      second.answer(201, { alert: { id: '42' }, outcome: 'created' });
      // then
      assert.deepEqual(second.body, first.body);
      assert.equal((await message).outcome, 'created');
    });

    it('gives a refusal to the Catch node, without repeating', async () => {
      // given
      await load(raise(), ...ends, { id: 'catch', type: 'catch', wires: [['caught']] }, { id: 'caught', type: 'helper' });
      const message = nextMessage('caught');
      // when
      helper.getNode('raise').receive(structuredClone(leased));
      (await nextCall('/api/alerts')).answer(400, { code: 'ALERT_WITHOUT_SUBJECT', detail: 'Expected a device' });
      // then
      assert.equal((await message).error!.message, 'EngineError: Expected a device');
      assert.deepEqual(calls, []);
    });
  });

  describe('start process', () => {
    it('starts with what the event says and the given variables', async () => {
      // given
      const start = { id: 'start', type: 'songbai-start-process', server: 'server', processKey: 'proactive_care', businessKey: 'event.deviceCode', businessKeyType: 'msg', variables: '{"reason":"夜间"}', variablesType: 'json', wires: [['out']] };
      await load(start, { id: 'out', type: 'helper' });
      const message = nextMessage('out');
      // when
      helper.getNode('start').receive(structuredClone(leased));
      const call = await nextCall('/api/device-events/7/start');
      call.answer(201, { instanceId: '99' });
      // then
      assert.deepEqual(call.body, { leaseToken: 'abc', processKey: 'proactive_care', businessKey: 'SOS-001', variables: { deviceCode: 'SOS-001', capability: 'sos', at: 1000, reason: '夜间' } });
      assert.equal((await message).instanceId, '99');
    });

    it('refuses a message without lease before the engine is asked', async () => {
      // given
      const start = { id: 'start', type: 'songbai-start-process', server: 'server', processKey: 'p', wires: [['out']] };
      await load(start, { id: 'out', type: 'helper' }, { id: 'catch', type: 'catch', wires: [['caught']] }, { id: 'caught', type: 'helper' });
      const message = nextMessage('caught');
      // when
      helper.getNode('start').receive({ payload: 1 });
      // then
      assert.match((await message).error!.message, /noLease/);
      assert.deepEqual(calls, []);
    });
  });

  describe('correlate message', () => {
    const correlate = { id: 'c', type: 'songbai-correlate-message', server: 'server', message: 'door.closed', wires: [['done'], ['nobody']] };
    const ends = [{ id: 'done', type: 'helper' }, { id: 'nobody', type: 'helper' }];

    it('says whom it reached', async () => {
      await load(correlate, ...ends);
      const message = nextMessage('done');
      helper.getNode('c').receive(structuredClone(leased));
      (await nextCall('/api/device-events/7/correlate')).answer(200, { instanceIds: ['5'] });
      assert.deepEqual((await message).instanceIds, ['5']);
    });

    it('acknowledges the event when nobody waits', async () => {
      await load(correlate, ...ends);
      const message = nextMessage('nobody');
      helper.getNode('c').receive(structuredClone(leased));
      (await nextCall('/api/device-events/7/correlate')).answer(400, { code: 'MISMATCHING_MESSAGE', detail: 'nobody' });
      const ack = await nextCall('/api/device-events/7/ack');
      ack.answer(204);
      assert.deepEqual(ack.body, { leaseToken: 'abc' });
      assert.deepEqual((await message).instanceIds, []);
    });
  });

  describe('acknowledge', () => {
    it('gives an event back with the reason of the error', async () => {
      await load({ id: 'ack', type: 'songbai-acknowledge', server: 'server', action: 'fail', wires: [[]] });
      helper.getNode('ack').receive({ ...structuredClone(leased), error: { message: 'the flow broke' } });
      const call = await nextCall('/api/device-events/7/fail');
      call.answer(200, { status: 'new' });
      assert.deepEqual(call.body, { leaseToken: 'abc', error: 'the flow broke' });
    });

    it('has nothing to do when somebody else has the event by now', async () => {
      // given
      await load({ id: 'ack', type: 'songbai-acknowledge', server: 'server', wires: [[]] }, { id: 'catch', type: 'catch', wires: [['caught']] }, { id: 'caught', type: 'helper' });
      const message = nextMessage('caught');
      // when
      helper.getNode('ack').receive(structuredClone(leased));
      (await nextCall('/api/device-events/7/ack')).answer(409, { code: 'LEASE_LOST', detail: 'gone' });
      // then
      assert.equal((await message).error!.message, 'EngineError: gone');
      assert.equal(helper.getNode('server').openEvents(), 0);
    });
  });
});
