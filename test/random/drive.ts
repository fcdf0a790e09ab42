import { isDeepStrictEqual } from 'node:util';
import type { Random } from '#engine/seed/random.ts';
import { ACTOR, AREA, TENANT, variablesOf, type TestEngine } from '#test/support/test-engine.ts';
import type { RandomProcess } from './generate.ts';
import { checkEnd, checkOpenWork, checkStates, instancesOf, itemsAround } from './oracle.ts';
import { front, type Stimulus, type Walk } from './walk.ts';

export interface Drive {
  engine: TestEngine;
  random: Random;
  /** Called between steps: gives the engine back, or another one on the same database. */
  between(engine: TestEngine): Promise<TestEngine>;
}

/** An engine may take this many rounds of due jobs after one step; more is an endless loop. */
const MAX_STEPS = 400;

/**
 * Leads one process along its path. After every step exactly the expected tasks are open and the folded events give the stored state.
 * @throws an error that says at which step what was otherwise
 */
export async function drive(process: RandomProcess, options: Drive): Promise<{ engine: TestEngine; root: number; steps: number }> {
  let { engine } = options;
  const { random, between } = options;
  await engine.deploy({ name: `${process.key}.bpmn`, content: process.xml }, ...process.decisions);
  const root = await begin(engine, process);
  let walk: Walk = process.walk;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    await engine.runJobs();
    await checkOpenWork(engine.store, root, walk);
    await checkStates(engine.store, root);
    engine = await between(engine);
    const choices = front(walk);
    if (choices.length === 0) {
      await checkEnd(engine.store, root, process);
      return { engine, root, steps };
    }
    const { stimulus, items, rest } = random.pick(choices);
    await perform({ engine, random, root, items }, stimulus);
    walk = rest;
  }
  throw new Error(`Expected ${process.key} to end within ${MAX_STEPS} steps, but it did not`);
}

/** Makes the instance in the way its start event asks for. */
async function begin(engine: TestEngine, { key, start, variables: plain }: RandomProcess): Promise<number> {
  const { runtime } = engine.engine;
  const variables = variablesOf(plain);
  if (start.by === 'key') return (await engine.start(key, plain, key)).id;
  if (start.by === 'message') await runtime.correlate({ message: start.name, tenant: TENANT, area: AREA, variables, actor: ACTOR });
  else if (start.by === 'signal') await runtime.signal({ name: start.name, tenant: TENANT, area: AREA, variables, actor: ACTOR });
  else if (start.by === 'condition')
    await runtime.evaluateConditions({ tenant: TENANT, area: AREA, businessKey: key, variables, actor: ACTOR });
  else await engine.runJobs();
  const made = await engine.store.read(
    `SELECT id FROM process_instance WHERE super_id IS NULL AND definition_id IN (SELECT id FROM process_definition WHERE def_key = ?)
     UNION SELECT id FROM history_instance WHERE super_id IS NULL AND definition_id IN (SELECT id FROM process_definition WHERE def_key = ?)`,
    [key, key],
  );
  if (made.length !== 1) throw new Error(`Expected one instance by ${start.by}, but there are ${made.length}`);
  return Number(made[0]?.id);
}

async function perform(context: Context, stimulus: Stimulus): Promise<void> {
  try {
    await (stimuli[stimulus.do] as (context: Context, stimulus: Stimulus) => Promise<void>)(context, stimulus);
  } catch (error) {
    throw new Error(`Expected to ${stimulus.do} at ${stimulus.at}, but: ${(error as Error).message}`, { cause: error });
  }
}

interface Context {
  engine: TestEngine;
  random: Random;
  root: number;
  /** The loop items around the element, the outermost first. */
  items: readonly number[];
}
type Stimuli = { [K in Stimulus['do']]: (context: Context, stimulus: Extract<Stimulus, { do: K }>) => Promise<void> };

const worker = 'worker-1';

const stimuli: Stimuli = {
  async complete(context, { at }) {
    const { engine, random } = context;
    const { id } = await oneOf(context, 'task', at);
    if (random.chance(0.2)) await engine.engine.tasks.claim(id, 'li', ACTOR);
    await engine.engine.tasks.complete(id, variablesOf({ [`done_${at}`]: true }), ACTOR);
    // A second click finds nothing to complete.
    if (random.chance(0.1)) await refused(engine.engine.tasks.complete(id, {}, ACTOR));
  },
  async work(context, { at, outcome }) {
    if (outcome === 'fail') {
      const failing = await lock(context, at);
      await context.engine.engine.externalTasks.failure(
        failing,
        {
          workerId: worker,
          errorMessage: 'no answer',
          errorDetails: null,
          retries: 0,
          retryTimeoutMs: 0,
          variables: {},
          localVariables: {},
        },
        ACTOR,
      );
      await context.engine.engine.externalTasks.setRetries(failing, 1, ACTOR);
    }
    const id = await lock(context, at);
    await context.engine.engine.externalTasks.complete(
      id,
      { workerId: worker, variables: variablesOf({ [`done_${at}`]: true }), localVariables: {} },
      ACTOR,
    );
  },
  async throw(context, { at, code }) {
    const id = await lock(context, at);
    await context.engine.engine.externalTasks.bpmnError(
      id,
      { workerId: worker, errorCode: code, errorMessage: 'thrown', variables: {} },
      ACTOR,
    );
  },
  async message(context, { at, name }) {
    const { instance } = await oneOf(context, 'subscription', at, `AND name = '${name}'`);
    const input = {
      message: name,
      tenant: TENANT,
      area: null,
      processInstanceId: instance,
      variables: variablesOf({ [`got_${name}`]: true }),
      actor: ACTOR,
    };
    await context.engine.engine.runtime.correlate(input);
  },
  async signal(context, { at, name }) {
    await oneOf(context, 'subscription', at, `AND name = '${name}'`);
    await context.engine.engine.runtime.signal({ name, tenant: TENANT, variables: {}, actor: ACTOR });
  },
  async timer(context, { at, repeats }) {
    const { management } = context.engine.engine;
    const { id } = await oneOf(context, 'job', at, `AND kind = 'timer'`);
    await management.executeJob(id, ACTOR);
    if (!repeats) await refused(management.executeJob(id, ACTOR));
  },
  async variable(context, { at, name, value }) {
    const { runtime } = context.engine.engine;
    const { instance } = await oneOf(context, 'subscription', at);
    await runtime.setVariables(instance, { set: variablesOf({ [name]: value }), remove: [] }, ACTOR);
    // Whoever waits for it later must not find it true already; the process may have ended with it.
    await runtime.setVariables(instance, { set: variablesOf({ [name]: 0 }), remove: [] }, ACTOR).catch(() => {});
  },
};

/** What waits at the element, in the loop items that are meant. */
async function oneOf(
  { engine, random, root, items }: Context,
  table: string,
  element: string,
  and = '',
): Promise<{ id: number; instance: number }> {
  const instances = await instancesOf(engine.store, root);
  const rows = await engine.store.read(
    `SELECT id, instance_id FROM ${table} WHERE element = ? ${and} AND instance_id IN (${instances.join()}) ORDER BY id`,
    [element],
  );
  const found = rows.map((row) => ({ id: Number(row.id), instance: Number(row.instance_id) }));
  const meant: typeof found = [];
  for (const row of found) if (isDeepStrictEqual(await itemsAround(engine.store, row), items)) meant.push(row);
  if (meant.length === 0) throw new Error(`no ${table} waits there in item ${items.join('.') || '(none)'}, but ${found.length} elsewhere`);
  return random.pick(meant);
}

async function lock(context: Context, element: string): Promise<number> {
  const { id } = await oneOf(context, 'external_task', element);
  const { store, engine } = context.engine;
  const [row] = await store.read('SELECT topic FROM external_task WHERE id = ?', [id]);
  const topics = [{ topicName: String(row?.topic), lockDurationMs: 60_000 }];
  const locked = await engine.externalTasks.fetchAndLock({ workerId: worker, maxTasks: 100, usePriority: true, tenant: TENANT, topics });
  for (const other of locked.filter((task) => task.id !== id)) await engine.externalTasks.unlock(other.id);
  if (!locked.some((task) => task.id === id)) throw new Error('no worker gets it');
  return id;
}

async function refused(attempt: Promise<unknown>): Promise<void> {
  let isRefused = false;
  await attempt.catch(() => (isRefused = true));
  if (!isRefused) throw new Error('it could be done twice');
}
