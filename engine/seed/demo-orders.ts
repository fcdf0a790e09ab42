import type { Actor } from '#engine/core/ports.ts';
import { typed, type Variables } from '#engine/core/values.ts';
import { caseNumber } from '#engine/rest/api/processes/case-number.ts';
import type { ProcessEngine } from '#engine/services/contract.ts';
import type { Store } from '#engine/store/open-store.ts';
import { openTasks } from '#engine/store/read-models/open-tasks.ts';
import type { DemoElder } from './demo-elders.ts';

type Step = [element: string, by: string, minutesAgo: number, data: Record<string, unknown>];

interface DemoOrder {
  item: string;
  startedMinutesAgo: number;
  data?: Record<string, unknown>;
  /** Tasks completed so far, in order. */
  steps: Step[];
  /** Who has taken the open task, if anyone. */
  takenBy?: string;
}

const MINUTE = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;

const intake = (minutesAgo: number, slaClass = 'N2'): Step => ['intake', 'callcenter', minutesAgo, { accept: true, slaClass }];
const dispatch = (minutesAgo: number, providerId: string): Step => ['dispatch', 'dispatcher', minutesAgo, { providerId }];
const accepted = (minutesAgo: number): Step => ['offer', 'provider', minutesAgo, { offerAccepted: true }];
const refused = (minutesAgo: number, offerRefuseReason: string): Step => [
  'offer',
  'provider',
  minutesAgo,
  { offerAccepted: false, offerRefuseReason },
];
/** `appointmentIn` minutes from now; negative = it was. */
const assigned = (minutesAgo: number, appointmentIn: number, workerName = '张红梅', workerPhone = '19900091001'): Step => [
  'assign_worker',
  'provider',
  minutesAgo,
  { workerName, workerPhone, appointmentAt: { minutesFromNow: appointmentIn } },
];
const arrived = (minutesAgo: number): Step => [
  'check_in',
  'worker',
  minutesAgo,
  {
    doorAnswered: true,
    arrivedAt: { minutesFromNow: -minutesAgo },
    position: { latitude: 39.0851, longitude: 117.2153, accuracy: 18 },
    identityMethod: 'acquaintance',
    identityPassed: true,
  },
];
const served = (minutesAgo: number): Step => [
  'service',
  'worker',
  minutesAgo,
  {
    serviceStartedAt: { minutesFromNow: -minutesAgo - 55 },
    serviceEndedAt: { minutesFromNow: -minutesAgo },
    itemsDone: ['main', 'tidy'],
    elderState: 'good',
    abnormalFound: false,
  },
];

/** One order in each state that an inbox can show, oldest first. */
const ORDERS: readonly DemoOrder[] = [
  {
    item: 'clean',
    startedMinutesAgo: 2 * DAY,
    data: { paymentWay: 'self' },
    steps: [
      intake(2 * DAY - 10),
      dispatch(2 * DAY - 25, 'provider-001'),
      accepted(2 * DAY - 60),
      assigned(2 * DAY - 80, -DAY - 3 * HOUR),
      arrived(DAY + 3 * HOUR),
      served(DAY + 2 * HOUR),
      ['rate', 'callcenter', 20 * HOUR, { ratingOverall: 5, ratingSource: 'elder', ratingText: '姑娘干活仔细，很满意' }],
    ],
  },
  {
    item: 'adaptation',
    startedMinutesAgo: DAY + 6 * HOUR,
    steps: [
      [
        'intake',
        'callcenter',
        DAY + 5 * HOUR,
        { accept: false, slaClass: 'N4', refuseReason: 'not_eligible', refuseNote: '户籍不在本区，已告知办理渠道' },
      ],
    ],
  },
  {
    item: 'daily-care',
    startedMinutesAgo: DAY,
    data: { paymentWay: 'subsidy' },
    steps: [
      intake(DAY - 15),
      dispatch(DAY - 30, 'provider-001'),
      accepted(DAY - 70),
      assigned(DAY - 90, -5 * HOUR),
      arrived(5 * HOUR),
      served(4 * HOUR),
    ],
  },
  {
    item: 'vitals',
    startedMinutesAgo: 9 * HOUR,
    steps: [
      intake(9 * HOUR - 10),
      dispatch(8 * HOUR, 'provider-002'),
      accepted(7 * HOUR),
      assigned(6 * HOUR, -25, '刘丹', '19900091005'),
      arrived(20),
    ],
    takenBy: 'worker',
  },
  {
    item: 'haircut',
    startedMinutesAgo: 6 * HOUR,
    steps: [intake(6 * HOUR - 12), dispatch(5 * HOUR, 'provider-001'), accepted(4 * HOUR), assigned(3 * HOUR, 40, '李秀云', '19900091002')],
  },
  { item: 'bath', startedMinutesAgo: 4 * HOUR, steps: [intake(4 * HOUR - 8), dispatch(3 * HOUR, 'provider-001'), accepted(2 * HOUR)] },
  { item: 'walk', startedMinutesAgo: 3 * HOUR, steps: [intake(3 * HOUR - 9), dispatch(96, 'provider-001')] },
  {
    item: 'bed-care',
    startedMinutesAgo: 5 * HOUR,
    data: { specialNeeds: ['wheelchair'] },
    steps: [
      intake(5 * HOUR - 5),
      dispatch(4 * HOUR, 'provider-002'),
      refused(3 * HOUR, 'no_staff'),
      dispatch(2 * HOUR, 'provider-001'),
      refused(12, 'too_far'),
    ],
  },
  { item: 'meal', startedMinutesAgo: 55, data: { remark: '糖尿病，不要甜汤' }, steps: [intake(26)] },
  { item: 'repair', startedMinutesAgo: 41, data: { remark: '厨房水龙头漏水' }, steps: [] },
  { item: 'fetch-medicine', startedMinutesAgo: 18, steps: [], takenBy: 'dispatcher' },
  { item: 'walk', startedMinutesAgo: 6, data: { specialNeeds: ['hearing'] }, steps: [] },
];

export interface DemoOrdersContext {
  engine: Pick<ProcessEngine, 'runtime' | 'tasks'>;
  store: Pick<Store, 'query' | 'clock'>;
  elders: DemoElder[];
}

/**
 * Starts orders through the engine and leads each to its state, with the clock turned back so that every time in history is
 * plausible. Runs before jobs and listeners start, because the clock belongs to everyone.
 */
export async function seedOrders({ engine, store, elders }: DemoOrdersContext): Promise<void> {
  const now = store.clock.now();
  const clock = timeTraveller(store.clock);
  try {
    for (const [at, order] of ORDERS.entries()) {
      clock.goBack(order.startedMinutesAgo);
      const elder = elders[at % elders.length]!;
      const { id } = await engine.runtime.start({
        definition: { key: 'work_order' },
        tenant: '120103',
        area: elder.area,
        businessKey: caseNumber({ tenant: '120103', processKey: 'work_order', at: store.clock.now(), sequence: at + 1 }),
        variables: orderVariables(elder, order, now),
        actor: user('callcenter'),
      });
      for (const [element, by, minutesAgo, data] of order.steps) {
        clock.goBack(minutesAgo);
        const taskId = await openTask(store, id, element);
        await engine.tasks.claim(taskId, by, user(by));
        await engine.tasks.complete(taskId, variables(data, now), user(by));
      }
      if (order.takenBy) await engine.tasks.claim(await openTask(store, id, null), order.takenBy, user(order.takenBy));
    }
  } finally {
    clock.goBack(0);
  }
}

/** Sets the clock to so many minutes before the real time; 0 puts it right again. */
function timeTraveller(clock: Pick<Store['clock'], 'shift'>): { goBack(minutes: number): void } {
  let minutesBack = 0;
  return {
    goBack(minutes) {
      clock.shift((minutesBack - minutes) * MINUTE);
      minutesBack = minutes;
    },
  };
}

const user = (id: string): Actor => ({ id, kind: 'user' });

function orderVariables(elder: DemoElder, order: DemoOrder, now: number): Variables {
  const { item, data } = order;
  return variables(
    {
      elderId: elder.key,
      elderName: elder.name,
      contactName: elder.name,
      contactPhone: elder.data.phone,
      address: elder.data.address,
      livingAlone: elder.data.livesWith === 'alone',
      abilityLevel: elder.data.abilityLevel,
      contacts: elder.data.contacts,
      serviceItem: item,
      wantedFrom: wantedTime(order, now),
      urgent: false,
      channel: 'phone',
      paymentWay: 'self',
      consent: true,
      ...data,
    },
    now,
  );
}

/** The appointment when there is one, else ten in the morning of the day after the order. */
function wantedTime({ steps, startedMinutesAgo }: DemoOrder, now: number): unknown {
  const appointment = steps.find(([element]) => element === 'assign_worker')?.[3]['appointmentAt'];
  return appointment ?? `${chinaTime(now + (DAY - startedMinutesAgo) * MINUTE).slice(0, 10)}T10:00:00+08:00`;
}

/** `{minutesFromNow}` becomes an ISO time in China's zone. */
function variables(data: Record<string, unknown>, now: number): Variables {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typed(isRelative(value) ? chinaTime(now + value.minutesFromNow * MINUTE) : value)]),
  );
}

const isRelative = (value: unknown): value is { minutesFromNow: number } =>
  typeof value === 'object' && value !== null && 'minutesFromNow' in value;

/** `2026-11-22T16:30:00+08:00`, to the minute. */
function chinaTime(at: number): string {
  return `${new Date(at + 8 * HOUR * MINUTE).toISOString().slice(0, 16)}:00+08:00`;
}

/** The open task at an element; null = the only open one. @throws Error when the order is not where the demo expects it */
async function openTask(store: DemoOrdersContext['store'], instanceId: number, element: string | null): Promise<number> {
  const open = await store.query(openTasks(instanceId));
  const found = open.find((task) => element === null || task.element === element);
  if (!found)
    throw new Error(`Expected order ${instanceId} to wait at ${element}, but it waits at ${open.map((task) => task.element).join(', ')}`);
  return found.id;
}
