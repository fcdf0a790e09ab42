import assert from 'node:assert/strict';
import type { EngineEvent, EventOf, EventType } from '#engine/core/events.ts';
import type { InstanceState } from '#engine/core/state.ts';
import { type JsonValue, typed, type TypedValue } from '#engine/core/values.ts';
import { decodeEvents, encodeEvents, payloadHash } from './event-codec.ts';
import { decodeState, encodeState } from './state-codec.ts';
import { type MissingPayload, type Payloads, restorePayload } from './variable-codec.ts';

const task = {
  name: '评估',
  description: null,
  assignee: null,
  owner: null,
  candidateUsers: ['li'],
  candidateGroups: [],
  priority: 50,
  dueAt: null,
  followUpAt: 7,
  formKey: 'intake',
};
const job = {
  id: 5,
  kind: 'timer' as const,
  element: 2,
  owner: 3,
  dueAt: 9,
  retries: 3,
  priority: 0,
  repeat: { left: -1, cycle: 'R/PT1H' },
};
const header = { definitionId: 1, rootId: 1, businessKey: null, tenant: 't', area: 't/a', startedAt: 1, startedBy: null };
const variables = [
  { type: 'File' as const, value: 'AAEC', info: { filename: 'a.bin', mimetype: 'application/octet-stream' } },
  { type: 'Long' as const, value: 2 ** 40 },
  { type: 'Date' as const, value: '2026-11-22T08:00:00.000+0800' },
  typed('text'),
  typed(null),
  typed(true),
  typed(-1.5),
  typed([1, { a: null }]),
];

/** One event of every type, with and without what is optional. */
const samples: { [T in EventType]: Omit<EventOf<T>, 'type' | 'instance'>[] } = {
  InstanceStarted: [
    { header, startElement: 1 },
    { header: { ...header, superId: 4, superElementInstance: 6 }, startElement: null },
  ],
  InstanceEnded: [{ outcome: 'COMPLETED', element: 4, reason: null }],
  InstanceSuspended: [{}],
  InstanceActivated: [{}],
  InstanceMigrated: [
    { from: 3, definitionId: 4, elements: [[1, 2], [2, 3]], flows: [] },
    { from: 3, definitionId: 4, elements: [[1, 2]], flows: [[0, 1]], together: [9] },
  ],
  TokensMoved: [{ moves: [{ from: 1, to: 9, elements: [2, 3], gateways: [4], compensations: [] }] }],
  ElementActivated: [{ id: 2, element: 1, scope: 1, phase: 'active', flow: null, at: 3 }, { id: 2, element: 1, scope: 1, phase: 'compensating', flow: null, at: 3, thrower: 9 }],
  ElementContinued: [{ id: 2, phase: 'after' }],
  ElementCompleted: [{ id: 2, element: 1 }],
  ElementCanceled: [{ id: 2, element: 1 }],
  TokenArrived: [{ gateway: 1, scope: 1, flow: 2 }],
  GatewayJoined: [
    { gateway: 1, scope: 1, flows: [1, 2] },
    { gateway: 1, scope: 1, flows: [3], phase: 'reset' },
  ],
  ArrivalsCanceled: [{ scope: 1 }, { scope: 1, gateway: 3 }, { scope: 1, gateway: 3, flow: 4 }],
  CompensationRecorded: [
    { record: { id: 2, element: 1, handler: 3, scope: 1 } },
    { record: { id: 2, element: 1, handler: null, scope: 1, variables: { file: variables[0] as TypedValue } } },
  ],
  CompensationTriggered: [{ thrower: 9, compensations: [2, 3] }],
  CompensationStarted: [
    { compensation: 2, inside: null },
    { compensation: 2, inside: 9 },
  ],
  VariableSet: variables.flatMap((value) => [
    { scope: 1, name: 'x', value },
    { scope: 1, name: 'x', value, old: typed(null) },
  ]),
  VariableRemoved: [{ scope: 1, name: 'x', old: typed(1) }],
  UserTaskCreated: [
    { id: 2, element: 1, task },
    { id: 2, element: 1, task: { ...task, formRef: { key: 'f', binding: 'version', version: 2 } } },
  ],
  UserTaskUpdated: [{ id: 2, change: { assignee: 'li' }, old: { assignee: null }, operation: 'claim' }],
  UserTaskEnded: [{ id: 2, element: 1, reason: 'canceled' }],
  ExternalTaskCreated: [{ id: 2, element: 1, topic: 'phone', priority: 0 }],
  ExternalTaskFailed: [{ id: 2, element: 1, retries: 1, retryAt: 5, message: 'busy', details: null }],
  ExternalTaskRetriesSet: [{ id: 2, retries: 1 }],
  ExternalTaskPrioritySet: [{ id: 2, priority: 7 }],
  ExternalTaskEnded: [{ id: 2, element: 1, reason: 'error', worker: null }],
  JobCreated: [{ job }],
  JobExecuted: [{ job: 5 }],
  JobRescheduled: [{ job: 5, dueAt: 6, repeatLeft: 1 }],
  JobFailed: [{ job: 5, retries: 2, dueAt: 6, message: 'broken', details: 'at x' }],
  JobRetriesSet: [{ job: 5, retries: 2, dueAt: 6 }],
  JobDueDateSet: [{ job: 5, dueAt: 6 }],
  JobPrioritySet: [{ job: 5, priority: -3 }],
  JobSuspended: [{ job: 5 }],
  JobActivated: [{ job: 5 }],
  JobCanceled: [{ job: 5 }],
  SubscriptionOpened: [
    { subscription: { id: 7, kind: 'message', name: 'answer', element: 2, owner: 3 } },
    { subscription: { id: 7, kind: 'conditional', name: '', element: 2, owner: 3, definition: 1 } },
  ],
  EventReceived: [{ subscription: 7, name: 'alarm', element: 2 }],
  SubscriptionClosed: [{ subscription: 7, reason: 'correlated' }],
  MessageReceived: [{ subscription: 7, name: 'answer', element: 2 }],
  MessageThrown: [{ element: 2, name: 'answer' }],
  ErrorThrown: [
    { id: 2, element: 1, code: 'E', message: null, caughtBy: null },
    { id: 2, element: 1, code: 'E', message: 'why', caughtBy: 4, caughtIn: 8 },
  ],
  EscalationThrown: [
    { id: 2, element: 1, code: 'E', caughtBy: null },
    { id: 2, element: 1, code: 'E', caughtBy: 4, caughtIn: 8 },
  ],
  SignalThrown: [{ element: 2, name: 'alarm', isAsync: false, businessKey: null, variables: { x: typed(1), y: variables[0] as TypedValue } }],
  IncidentCreated: [{ incident: { id: 8, kind: 'failedJob', element: 2, source: 5, message: null, at: 9 } }],
  IncidentResolved: [{ incident: 8 }],
  InstanceCalled: [{ id: 2, element: 1, called: 9 }],
  LoopStarted: [
    { id: 2, total: 2, items: typed(['a', 1]) },
    { id: 2, total: null, items: null },
    { id: 2, total: 200, items: null, apart: true },
  ],
  LoopAdvanced: [{ id: 2, completed: 1, active: 1 }, { id: 2, completed: 1, active: 1, total: 3 }, { id: 2, completed: 1, active: 0, total: null, skipped: 1 }],
  LoopOutputAdded: [{ id: 2, item: 3, index: 0, value: typed({ done: true }) }],
  AdHocChanged: [{ id: 2, waiting: [3, 4], closing: false }],
  DecisionEvaluated: [
    {
      id: 2,
      element: 1,
      decision: { key: 'd', version: 1, definitionId: 3, rules: ['r1'], inputs: { x: typed(1) }, outputs: [{ y: typed('z') }] },
    },
  ],
};
const events = Object.entries(samples).flatMap(([type, list]) =>
  list.map((fields) => ({ instance: 1, type, ...fields }) as unknown as EngineEvent),
);

describe('event codec', () => {
  for (const event of events) {
    it(`gives back what it was given: ${JSON.stringify(event).slice(0, 80)}`, () => {
      const payload = encodeEvents([event], new Map());
      assert.deepEqual(decodeEvents(1, payload, []), [event]);
    });
  }

  it('still reads the bare list of a loop that began before', () => {
    assert.deepEqual(decodeEvents(1, '[["ls",2,2,["a",1]]]', []), [
      { instance: 1, type: 'LoopStarted', id: 2, total: 2, items: { type: 'Json', value: ['a', 1] } },
    ]);
  });

  it('refuses a code that it does not know', () => {
    assert.throws(() => decodeEvents(1, '[["zz"]]', []), /Expected a known event code/);
  });

  describe('when payload or salt change', () => {
    it('gives another hash', () => {
      const salt = new Uint8Array(16);
      const hash = (bytes: Uint8Array, payload: string) => Buffer.from(payloadHash(bytes, payload)).toString('hex');
      assert.equal(hash(salt, '[]'), hash(new Uint8Array(16), '[]'));
      assert.notEqual(hash(salt, '[]'), hash(salt, '[1]'));
      assert.notEqual(hash(salt, '[]'), hash(new Uint8Array(16).fill(1), '[]'));
    });
  });
});

describe('state codec', () => {
  const stateHeader = {
    id: 1,
    definitionId: 1,
    rootId: 1,
    businessKey: 'b',
    tenant: 't',
    area: 'a',
    startedAt: 1,
    startedBy: 'li',
    status: 'active' as const,
  };
  const state: InstanceState = {
    ...stateHeader,
    elements: [
      {
        id: 1,
        element: 0,
        scope: 0,
        startedAt: 1,
        phase: 'active',
        variables: Object.fromEntries(variables.map((value, index) => [`v${index}`, value])),
      },
      { id: 2, element: 1, scope: 1, startedAt: 2, phase: 'before' },
      { id: 3, element: 2, scope: 1, startedAt: 2, phase: 'active', task },
      {
        id: 4,
        element: 3,
        scope: 1,
        startedAt: 2,
        phase: 'after',
        externalTask: { topic: 'phone', priority: 1, retries: null, errorMessage: null },
      },
      { id: 5, element: 4, scope: 1, startedAt: 2, phase: 'active', calledInstance: 99 },
      { id: 6, element: 5, scope: 1, startedAt: 2, phase: 'body', variables: {}, loop: { total: 2, completed: 0, active: 2, items: typed(['a']) } },
      { id: 7, element: 6, scope: 1, startedAt: 2, phase: 'body', loop: { total: 200, completed: 1, active: 2, items: null, apart: true } },
      { id: 8, element: 7, scope: 1, startedAt: 2, phase: 'active', adHoc: { waiting: [9], closing: false } },
      { id: 10, element: 6, scope: 1, startedAt: 2, phase: 'compensating', thrower: 3 },
    ],
    jobs: [job],
    subscriptions: [{ id: 7, kind: 'message', name: 'answer', element: 2, owner: 3 }],
    incidents: [{ id: 8, kind: 'failedJob', element: 2, source: 5, message: null, at: 9 }],
    arrivals: [{ gateway: 1, scope: 1, flow: 2, count: 1 }],
    outputs: [{ body: 6, item: 9, index: 1, value: typed([1]) }],
    compensations: [
      { id: 11, element: 7, handler: 8, scope: 1 },
      { id: 13, element: 7, handler: 8, scope: 1, thrower: 3 },
      { id: 12, element: 9, handler: null, scope: 10, variables: { price: typed(7) } },
    ],
  };

  it('gives back the state that it was given', () => {
    const payloads: Payloads = new Map();
    assert.deepEqual(decodeState(stateHeader, encodeState(state, payloads), []), state);
    assert.equal(payloads.size, 0);
  });

  it('still reads the counters of a loop that began before', () => {
    const text = '{"e":[[1,0,0,1,1],[2,1,1,1,3,null,null,null,null,{"total":2,"completed":0,"active":1,"items":["a","b"]}]]}';
    const { elements } = decodeState(stateHeader, text, []);
    assert.deepEqual(elements[1]?.loop, { total: 2, completed: 0, active: 1, items: { type: 'Json', value: ['a', 'b'] } });
  });

  it('puts large values beside, and gives back the whole', () => {
    // given
    const large = typed({ text: '长'.repeat(9000) });
    const [scope, ...rest] = state.elements;
    assert.ok(scope);
    const withLarge = { ...state, elements: [{ ...scope, variables: { large, same: large, small: typed(1) } }, ...rest] };
    const payloads: Payloads = new Map();
    const missing: MissingPayload[] = [];

    // when
    const text = encodeState(withLarge, payloads);
    const decoded = decodeState(stateHeader, text, missing);
    for (const payload of missing) restorePayload(payload, JSON.parse(payloads.get(payload.hash) ?? '') as JsonValue);

    // then
    assert.equal(payloads.size, 1);
    assert.ok(text.length < 2000);
    assert.deepEqual(decoded, withLarge);
    const again: Payloads = new Map();
    assert.equal(encodeState(decoded, again), text);
    assert.equal(again.size, 0, 'a value that is stored is not stored again');
  });
});
