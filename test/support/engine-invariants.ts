import { isDeepStrictEqual } from 'node:util';
import type { EngineEvent } from '#engine/core/events.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { replayedState } from '#engine/store/rebuild.ts';
import { eventsOf } from '#engine/store/read-models/instance-history.ts';
import { canonical } from './canonical-state.ts';
import type { EngineLedger } from './engine-clients.ts';

const WAITING = ['task', 'job', 'subscription', 'external_task', 'incident'] as const;
/** What an order does exactly once on its way to the end. */
const ONCE = ['start', 'prepare', 'accept', 'pause', 'work', 'join', 'tell', 'end'];
/** What a caller does on its way to the end, and how often. */
const CALLER: Record<string, number> = { 'caller-start': 1, call: 1, round: 4, ring: 1 };

interface Instance {
  id: number;
  key: string;
  businessKey: string;
  isRunning: boolean;
  facts: { at: number; event: EngineEvent }[];
}

export interface Outcome {
  /** One line for each broken promise; empty = all hold. */
  violations: string[];
  instances: number;
  ended: number;
  timersFired: number;
  jobsRun: number;
}

/** Holds everything the database says after the faults against itself and against what the clients were promised. */
export async function checkInvariants(store: Store, ledger: EngineLedger): Promise<Outcome> {
  const violations = [...ledger.surprises];
  const say = (text: string) => void violations.push(text);
  const instances = await readInstances(store, say, 'fault-');
  checkLedger(instances, ledger, say);
  checkDoubles(instances, say);
  checkMates(instances, say);
  checkCallers(instances, say);
  await checkDeployments(store, say);
  await checkTenants(store, say);
  await checkRemoved(store, say);
  for (const instance of instances) {
    await checkState(store, instance, say);
    await checkWaiting(store, instance, say);
    await checkJobs(store, instance, say);
    if (!instance.isRunning) await checkHistory(store, instance, say);
  }
  const executed = instances.flatMap((instance) => executedJobs(instance));
  return {
    violations,
    instances: instances.length,
    ended: instances.filter(({ isRunning }) => !isRunning).length,
    timersFired: executed.filter(({ kind }) => kind === 'timer').length,
    jobsRun: executed.length,
  };
}

/** What holds for every instance of processes whose key begins with `prefix`, whatever they do: one line for each that does not. */
export async function checkStored(store: Store, prefix: string): Promise<string[]> {
  const violations: string[] = [];
  const say = (text: string) => void violations.push(text);
  for (const instance of await readInstances(store, say, prefix)) {
    await checkState(store, instance, say);
    await checkWaiting(store, instance, say);
  }
  await checkTenants(store, say);
  return violations;
}

type Say = (text: string) => void;

async function readInstances(store: Store, say: Say, prefix: string): Promise<Instance[]> {
  const from = (table: string) =>
    store.read(`SELECT i.id, i.business_key, d.def_key FROM ${table} i JOIN process_definition d ON d.id = i.definition_id WHERE d.def_key LIKE '${prefix}%' ORDER BY i.id`);
  const [running, ended] = [await from('process_instance'), await from('history_instance')];
  const runningIds = new Set(running.map(({ id }) => Number(id)));
  for (const id of ended.map((row) => Number(row.id))) if (runningIds.has(id)) say(`instance ${id} runs and has ended`);
  const instances: Instance[] = [];
  for (const row of [...running, ...ended]) {
    const id = Number(row.id);
    const commands = await store.query(eventsOf(id, { limit: 10_000 }));
    commands.forEach(({ seq }, index) => {
      if (seq !== index + 1) say(`instance ${id}: event ${seq} stands at place ${index + 1}`);
    });
    const facts = commands.flatMap(({ at, events }) => events.map((event) => ({ at, event })));
    instances.push({ id, key: String(row.def_key), businessKey: String(row.business_key), isRunning: runningIds.has(id), facts });
  }
  return instances;
}

/** Nothing acknowledged is lost, and nothing happened twice. */
function checkLedger(instances: Instance[], ledger: EngineLedger, say: Say): void {
  const byId = new Map(instances.map((instance) => [String(instance.id), instance]));
  for (const [key, id] of ledger.started) {
    const instance = byId.get(id);
    if (!instance) say(`start ${key} was answered with instance ${id}, which is gone`);
    else if (`${instance.key}:${instance.businessKey}` !== key) say(`start ${key} was answered with ${instance.key} ${instance.businessKey}`);
  }
  const events = instances.flatMap(({ facts }) => facts.map(({ event }) => event));
  const times = (wanted: (event: EngineEvent) => number | null) => {
    const counts = new Map<string, number>();
    for (const event of events) {
      const id = wanted(event);
      if (id !== null) counts.set(String(id), (counts.get(String(id)) ?? 0) + 1);
    }
    return counts;
  };
  const tasks = times((event) => (event.type === 'UserTaskEnded' ? event.id : null));
  const work = times((event) => (event.type === 'ExternalTaskEnded' ? event.id : null));
  for (const id of ledger.completed) if (tasks.get(id) !== 1) say(`task ${id}: completion acknowledged, recorded ${tasks.get(id) ?? 0} times`);
  for (const id of ledger.worked) if (work.get(id) !== 1) say(`external task ${id}: completion acknowledged, recorded ${work.get(id) ?? 0} times`);
  for (const [id, count] of [...tasks, ...work]) if (count !== 1) say(`task ${id} ended ${count} times`);
}

function checkDoubles(instances: Instance[], say: Say): void {
  const seen = new Set<string>();
  for (const { key, businessKey } of instances) {
    if (seen.has(`${key} ${businessKey}`)) say(`${key} ${businessKey} was started twice`);
    seen.add(`${key} ${businessKey}`);
  }
}

/** A thrown message reaches its receiver once, in the transaction that throws it. */
function checkMates(instances: Instance[], say: Say): void {
  const count = ({ facts }: Instance, is: (event: EngineEvent) => boolean) => facts.filter(({ event }) => is(event)).length;
  const mates = new Map(instances.filter(({ key }) => key === 'fault-mate').map((mate) => [mate.businessKey, mate]));
  for (const order of instances.filter(({ key }) => key === 'fault-order')) {
    const mate = mates.get(order.businessKey);
    const told = mate ? count(mate, (event) => event.type === 'SubscriptionClosed' && event.reason === 'correlated') : -1;
    const thrown = count(order, (event) => event.type === 'MessageThrown');
    if (told !== thrown) say(`${order.businessKey}: message thrown ${thrown} times, received ${told} times`);
    if (mate && mate.isRunning !== order.isRunning) say(`${order.businessKey}: order runs ${order.isRunning}, its mate ${mate.isRunning}`);
  }
}

/** A caller waits for the process it called, and what it rings is heard once: by the process that starts on it. */
function checkCallers(instances: Instance[], say: Say): void {
  const of = (key: string) => new Map(instances.filter((instance) => instance.key === key).map((instance) => [instance.businessKey, instance]));
  const [callers, visits, echoes] = [of('fault-caller'), of('fault-visit'), of('fault-echo')];
  for (const { businessKey, isRunning } of callers.values()) {
    const visit = visits.get(businessKey);
    if (!visit) say(`${businessKey}: the caller called nobody`);
    if (!isRunning && visit?.isRunning) say(`${businessKey}: the caller has ended before the process it called`);
    if (isRunning === echoes.has(businessKey)) say(`${businessKey}: the caller runs ${isRunning}, its ring was heard ${echoes.has(businessKey)}`);
  }
  for (const businessKey of [...visits.keys(), ...echoes.keys()]) {
    if (!callers.has(businessKey)) say(`${businessKey}: called or rung by nobody`);
  }
}

/** Versions of a process follow each other without gaps, and a deployment is there with all it brought or not at all. */
async function checkDeployments(store: Store, say: Say): Promise<void> {
  const rows = await store.read("SELECT def_key, version, deployment_id FROM process_definition WHERE def_key LIKE 'fault-%' ORDER BY def_key, tenant, version");
  for (const [key, versions] of Map.groupBy(rows, (row) => String(row.def_key))) {
    versions.forEach(({ version }, index) => {
      if (version !== index + 1) say(`${key}: version ${String(version)} follows version ${index}`);
    });
  }
  const size = new Set(rows.map((row) => row.def_key)).size;
  for (const [deployment, brought] of Map.groupBy(rows, (row) => Number(row.deployment_id))) {
    const resources = await store.read('SELECT name FROM resource WHERE deployment_id = ?', [deployment]);
    const [made] = await store.read('SELECT id FROM deployment WHERE id = ?', [deployment]);
    if (!made || resources.length !== 1 || brought.length !== size)
      say(`deployment ${deployment}: ${made ? 'there' : 'missing'}, with ${resources.length} files and ${brought.length} of ${size} processes`);
  }
  const orphans = await store.read('SELECT DISTINCT deployment_id FROM resource WHERE deployment_id NOT IN (SELECT id FROM deployment)');
  if (orphans.length > 0) say(`${orphans.length} deployments left files without themselves`);
}

/** The history of an instance goes as a whole or not at all. */
async function checkRemoved(store: Store, say: Say): Promise<void> {
  for (const table of ['event', 'history_activity', 'history_task']) {
    const rows = await store.read(
      `SELECT DISTINCT instance_id FROM ${table} WHERE instance_id NOT IN (SELECT id FROM process_instance) AND instance_id NOT IN (SELECT id FROM history_instance)`,
    );
    if (rows.length > 0) say(`${rows.length} instances are gone and left rows in ${table}`);
  }
  const empty = await store.read('SELECT id FROM history_instance WHERE id NOT IN (SELECT instance_id FROM event)');
  if (empty.length > 0) say(`${empty.length} ended instances have no events`);
}

/** Whatever belongs to an instance is of its tenant and area. */
async function checkTenants(store: Store, say: Say): Promise<void> {
  for (const table of ['task', 'job', 'subscription', 'external_task', 'incident']) {
    const rows = await store.read(`SELECT t.id FROM ${table} t JOIN process_instance i ON i.id = t.instance_id WHERE t.tenant <> i.tenant OR t.area <> i.area`);
    if (rows.length > 0) say(`${rows.length} rows of ${table} are of another tenant or area than their instance`);
  }
}

/** Folding the events gives the stored state, and the projections say the same. */
async function checkState(store: Store, { id, isRunning }: Instance, say: Say): Promise<void> {
  const replayed = await store.query(replayedState(id));
  const loaded = await store.query(loadByInstance(id));
  const stored = loaded?.instances.get(id);
  if (!replayed) return say(`instance ${id} has no events`);
  if (!isRunning) {
    if (replayed.state.status !== 'ended') say(`instance ${id} is in history, but its events leave it ${replayed.state.status}`);
    return;
  }
  if (!stored || stored.rev !== replayed.seq) return say(`instance ${id}: revision ${stored?.rev} is not its last event ${replayed.seq}`);
  if (!isDeepStrictEqual(canonical(stored.state), canonical(replayed.state))) say(`instance ${id}: stored ${JSON.stringify(stored.state)}, replayed ${JSON.stringify(replayed.state)}`);
  const { elements, jobs, subscriptions, incidents } = replayed.state;
  const expected: Record<(typeof WAITING)[number], number[]> = {
    task: elements.filter(({ task }) => task).map((element) => element.id),
    job: jobs.map((job) => job.id),
    subscription: subscriptions.map((subscription) => subscription.id),
    external_task: elements.filter(({ externalTask }) => externalTask).map((element) => element.id),
    incident: incidents.map((incident) => incident.id),
  };
  for (const table of WAITING) {
    const rows = (await store.read(`SELECT id FROM ${table} WHERE instance_id = ? ORDER BY id`, [id])).map((row) => Number(row.id));
    if (!isDeepStrictEqual(rows, expected[table].sort((a, b) => a - b))) say(`instance ${id}: ${table} has ${rows.join()}, its events leave ${expected[table].join()}`);
  }
}

/** Ended and nothing left, or running and something to wait for. */
async function checkWaiting(store: Store, { id, isRunning }: Instance, say: Say): Promise<void> {
  let waiting = 0;
  for (const table of WAITING) waiting += (await store.read(`SELECT id FROM ${table} WHERE instance_id = ?`, [id])).length;
  if (isRunning) waiting += (await store.read('SELECT id FROM process_instance WHERE super_id = ?', [id])).length;
  if (isRunning && waiting === 0) say(`instance ${id} runs and waits for nothing`);
  if (!isRunning && waiting > 0) say(`instance ${id} has ended and left ${waiting} rows`);
}

/** Every job ends once, never early; what is left has used up its tries one by one and made one incident. */
async function checkJobs(store: Store, instance: Instance, say: Say): Promise<void> {
  const { id, facts } = instance;
  for (const { event } of facts) {
    if (event.type !== 'JobCreated') continue;
    const { job } = event;
    const ends = facts.filter(({ event: other }) => (other.type === 'JobExecuted' || other.type === 'JobCanceled') && other.job === job.id);
    const [end] = ends;
    if (ends.length > 1) say(`instance ${id}: ${job.kind} job ${job.id} ended ${ends.length} times`);
    if (end?.event.type === 'JobExecuted' && end.at < job.dueAt) say(`instance ${id}: ${job.kind} job ${job.id} ran ${job.dueAt - end.at} ms early`);
    const tries = facts.flatMap(({ event: other }) => (other.type === 'JobFailed' && other.job === job.id ? [other.retries] : []));
    const isPoison = instance.key === 'fault-poison';
    if (tries.join() !== (isPoison ? '2,1,0' : '')) say(`instance ${id}: ${job.kind} job ${job.id} failed with ${tries.join()} tries left`);
    if (ends.length === 0 && !isPoison) say(`instance ${id}: ${job.kind} job ${job.id} never ran`);
    const incidents = await store.read('SELECT id FROM incident WHERE source_id = ?', [job.id]);
    if (incidents.length !== (isPoison ? 1 : 0)) say(`instance ${id}: job ${job.id} has ${incidents.length} incidents`);
  }
}

async function checkHistory(store: Store, instance: Instance, say: Say): Promise<void> {
  const rows = await store.read('SELECT element FROM history_activity WHERE instance_id = ? AND canceled = 0', [instance.id]);
  const count = (element: string) => rows.filter((row) => row.element === element).length;
  if (instance.key === 'fault-caller') {
    for (const [element, times] of Object.entries(CALLER))
      if (count(element) !== times) say(`instance ${instance.id}: ${element} is in its history ${count(element)} times`);
  }
  if (instance.key !== 'fault-order') return;
  for (const element of ONCE) if (count(element) !== 1) say(`instance ${instance.id}: ${element} is in its history ${count(element)} times`);
  const fired = executedJobs(instance).filter(({ kind }) => kind === 'timer').length - 1;
  if (count('remind') !== fired || count('reminded') !== fired) say(`instance ${instance.id}: the boundary timer fired ${fired} times, its way was taken ${count('remind')} times`);
}

function executedJobs({ facts }: Instance): { kind: string }[] {
  const created = new Map(facts.flatMap(({ event }) => (event.type === 'JobCreated' ? [[event.job.id, event.job] as const] : [])));
  return facts.flatMap(({ event }) => (event.type === 'JobExecuted' ? [{ kind: created.get(event.job)?.kind ?? 'unknown' }] : []));
}
