import { isDeepStrictEqual } from 'node:util';
import { isMultiInstanceItem } from '#engine/core/instance-tree.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { eventsOf } from '#engine/store/read-models/instance-history.ts';
import { replayedState } from '#engine/store/rebuild.ts';
import { endedAt } from '#test/support/bpmn-positions.ts';
import type { TestEngine } from '#test/support/test-engine.ts';
import type { RandomProcess } from './generate.ts';
import { openTasks, type Visits, type Walk } from './walk.ts';

const WAITING = ['task', 'job', 'subscription', 'external_task', 'incident'] as const;

/** The running instances of a call tree. */
export async function instancesOf(store: Store, root: number): Promise<number[]> {
  const rows = await store.read('SELECT id FROM process_instance WHERE id = ? OR root_id = ? ORDER BY id', [root, root]);
  return rows.length > 0 ? rows.map((row) => Number(row.id)) : [0];
}

/** The loop items around a task, external task, job or subscription, the outermost first; through callers too. */
export async function itemsAround(store: Store, { id, instance }: { id: number; instance: number }): Promise<number[]> {
  const loaded = await store.query(loadByInstance(instance));
  const items: number[] = [];
  let state = loaded?.instances.get(instance)?.state;
  let at: number | undefined = [...(state?.jobs ?? []), ...(state?.subscriptions ?? [])].find((owned) => owned.id === id)?.owner ?? id;
  while (state && at !== undefined) {
    const element = state.elements.find((each) => each.id === at);
    const counter = element?.variables?.['loopCounter']?.value;
    // A called process may have got the counter of its caller as a variable.
    if (element && isMultiInstanceItem(state, element)) items.unshift(Number(counter));
    if (element && element.scope !== 0) at = element.scope;
    else {
      at = state.superElementInstance;
      state = state.superId === undefined ? undefined : loaded?.instances.get(state.superId)?.state;
    }
  }
  return items;
}

/** A join that fires early, a token too many or too few: it shows in what people and workers may do. */
export async function checkOpenWork(store: Store, root: number, walk: Walk): Promise<void> {
  const instances = (await instancesOf(store, root)).join();
  const rows = [
    ...(await store.read(`SELECT element FROM task WHERE instance_id IN (${instances})`)),
    ...(await store.read(`SELECT element FROM external_task WHERE instance_id IN (${instances})`)),
  ];
  const open = rows.map((row) => String(row.element)).sort();
  const expected = openTasks(walk);
  if (!isDeepStrictEqual(open, expected))
    throw new Error(
      `Expected open tasks ${expected.join(' ') || '(none)'}, but they are ${open.join(' ') || '(none)'}${await problemsOf(store, instances)}`,
    );
}

async function problemsOf(store: Store, instances: string): Promise<string> {
  const incidents = await store.read(`SELECT element, message FROM incident WHERE instance_id IN (${instances})`);
  const jobs = await store.read(`SELECT element, kind, error FROM job WHERE instance_id IN (${instances}) AND error IS NOT NULL`);
  return [...incidents, ...jobs].map((row) => `; ${String(row.element)}: ${String(row.message ?? row.error)}`).join('');
}

/** Folding the events of an instance gives its stored state. */
export async function checkStates(store: Store, root: number): Promise<void> {
  for (const id of await instancesOf(store, root)) {
    if (id === 0) continue;
    const replayed = await store.query(replayedState(id));
    const stored = (await store.query(loadByInstance(id)))?.instances.get(id);
    if (!isDeepStrictEqual(stored?.state, replayed?.state)) {
      throw new Error(
        `Expected the stored state of instance ${id} to be its folded events, but it is ${JSON.stringify(stored?.state)} and not ${JSON.stringify(replayed?.state)}`,
      );
    }
  }
}

/** Everything has ended, left nothing behind, and every element was visited as often as the path says. */
export async function checkEnd(store: Store, root: number, process: RandomProcess): Promise<void> {
  const running = await store.read('SELECT id, state FROM process_instance WHERE id = ? OR root_id = ?', [root, root]);
  if (running.length > 0) throw new Error(`Expected the process to have ended, but it waits: ${String(running[0]?.state)}`);
  const ended = (await store.read('SELECT id FROM history_instance WHERE id = ? OR root_id = ?', [root, root]))
    .map((row) => Number(row.id))
    .join();
  for (const table of WAITING) {
    const left = await store.read(`SELECT id FROM ${table} WHERE instance_id IN (${ended})`);
    if (left.length > 0) throw new Error(`Expected nothing to be left of an ended process, but ${left.length} rows are in ${table}`);
  }
  const rows = await store.read(`SELECT element, element_type, canceled FROM history_activity WHERE instance_id IN (${ended})`);
  const actual = new Map<string, number>();
  for (const row of rows) {
    const body = row.element_type === 'multiInstanceBody' ? '#multiInstanceBody' : '';
    const id = `${String(row.element)}${body}${Number(row.canceled) === 1 ? '!' : ''}`;
    actual.set(id, (actual.get(id) ?? 0) + 1);
  }
  compareVisits(process.visits, actual);
}

function compareVisits(expected: Visits, actual: Map<string, number>): void {
  for (const [id, count] of expected) {
    if (!id.endsWith('?')) continue;
    const name = id.slice(0, -1);
    const seen = (actual.get(name) ?? 0) + (actual.get(`${name}!`) ?? 0);
    if (seen !== count) throw new Error(`Expected ${name} to end ${count} times, but it ended ${seen} times`);
    actual.delete(name);
    actual.delete(`${name}!`);
  }
  const lines: string[] = [];
  const ids = new Set([...expected.keys(), ...actual.keys()]);
  for (const id of ids) {
    if (!id.endsWith('?') && (expected.get(id) ?? 0) !== (actual.get(id) ?? 0))
      lines.push(`${id} ${actual.get(id) ?? 0} instead of ${expected.get(id) ?? 0}`);
  }
  if (lines.length > 0) throw new Error(`Expected the history of the path, but it has ${lines.sort().join(', ')}`);
}

/** Where the elements stand that came to an end in a tree of ended instances. */
export async function visitedPositions({ store, modelOf }: TestEngine, root: number): Promise<Set<string>> {
  const positions = new Set<string>();
  for (const row of await store.read('SELECT id, definition_id FROM history_instance WHERE id = ? OR root_id = ?', [root, root])) {
    const model = await modelOf(Number(row.definition_id));
    for (const { events } of await store.query(eventsOf(Number(row.id), { limit: 10_000 })))
      for (const event of events) for (const position of endedAt(event, model)) positions.add(position);
  }
  return positions;
}
