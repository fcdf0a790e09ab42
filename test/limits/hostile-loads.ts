import { setTimeout as wait } from 'node:timers/promises';
import type { HostileProcess } from './hostile-processes.ts';
import { type Api, call, deploy } from './light-load.ts';

/** Something hostile that has begun; `stop` ends what it sends, its instances may run on. `answers`: status → how often. */
export interface Hostile {
  stop(): Promise<ReadonlyMap<number, number>>;
}
export type HostileLoad = (api: Api) => Hostile;

/** Sends so many per second, whatever is answered. */
function repeatedly(perSecond: number, send: () => Promise<Response>, most = Number.POSITIVE_INFINITY): Hostile {
  const answers = new Map<number, number>();
  const pending = new Set<Promise<void>>();
  let isStopped = false;
  const ended = (async () => {
    for (let sent = 0; !isStopped && sent < most; sent++) {
      const one = send()
        .then(async (answer) => {
          await answer.text();
          answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
        })
        // A connection that is cut is an answer, too.
        .catch(() => void answers.set(0, (answers.get(0) ?? 0) + 1))
        .finally(() => pending.delete(one));
      pending.add(one);
      await wait(1_000 / perSecond);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await ended;
      await Promise.all(pending);
      return answers;
    },
  };
}

const start = (api: Api, key: HostileProcess, variables: Record<string, unknown> = {}) =>
  call(api, 'POST', `/process-definition/key/${key}/start`, {
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }])),
  });

/** A few instances that go on by themselves. */
const instances =
  (key: HostileProcess, count: number, variables?: Record<string, unknown>): HostileLoad =>
  (api) =>
    repeatedly(20, () => start(api, key, variables), count);
const starts =
  (key: HostileProcess, perSecond: number, variables?: Record<string, unknown>): HostileLoad =>
  (api) =>
    repeatedly(perSecond, () => start(api, key, variables));
function bodies(perSecond: number, body: string): HostileLoad {
  const bytes = Buffer.from(body);
  return (api) => repeatedly(perSecond, () => call(api, 'POST', '/process-definition/key/neighbour/start', bytes));
}

const variable = (json: string) => `{"variables":{"x":{"value":${json}}}}`;
const tasks = (count: number) => Array.from({ length: count }, (_, i) => `<bpmn:task id="t${i}"/>`).join('');
const flows = (count: number) =>
  Array.from({ length: count - 1 }, (_, i) => `<bpmn:sequenceFlow id="f${i}" sourceRef="t${i}" targetRef="t${i + 1}"/>`).join('');
const diagram = (count: number) =>
  `<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><bpmn:process id="wide" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:sequenceFlow id="first" sourceRef="s" targetRef="t0"/>${tasks(count)}${flows(count)}</bpmn:process></bpmn:definitions>`;

/** What a process or a caller may do to all others. */
export const hostileLoads: Readonly<Record<string, HostileLoad>> = {
  'gateway-loop': instances('gateway-loop', 3),
  'async-loop': instances('async-loop', 3),
  doubling: instances('doubling', 1),
  'busy-script': instances('busy-script', 3),
  'growing-text': instances('growing-text', 3, { x: 'x'.repeat(100) }),
  recursive: instances('recursive', 1),
  'many-items': instances('many-items', 1),
  'message-loop': instances('message-loop', 2),
  'condition-loop': instances('condition-loop', 2, { n: 1 }),
  'timer-cycle': instances('timer-cycle', 20),
  'nested-items': starts('nested-items', 2),
  'recursive-at-once': starts('recursive-at-once', 2),
  'endless-script': starts('endless-script', 0.2),
  'regex-bomb': starts('regex-bomb', 0.2),
  'feel-bomb': starts('feel-bomb', 2, { n: 1_000 }),
  poison: starts('poison', 5),
  'body-of-10-MB': bodies(2, variable(`"${'x'.repeat(10_000_000)}"`)),
  'deep-json': bodies(2, variable('['.repeat(10_000) + ']'.repeat(10_000))),
  'wide-json': bodies(2, variable(`{${Array.from({ length: 70_000 }, (_, i) => `"k${i}":1`).join(',')}}`)),
  'diagram-of-10,000': (api) => {
    const xml = diagram(5_000);
    return repeatedly(1, () => deploy(api, 'wide.bpmn', xml));
  },
  'diagram-of-4,900': (api) => {
    const xml = diagram(2_440);
    return repeatedly(0.5, () => deploy(api, 'wide.bpmn', xml));
  },
};
