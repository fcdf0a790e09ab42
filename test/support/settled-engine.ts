import { TransientError } from '#engine/errors.ts';
import { acquireDue, freeAbandoned } from '#engine/store/job-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { ACTOR, AREA, TENANT, variablesOf, type TestEngine } from './test-engine.ts';

export interface SettledEngine extends TestEngine {
  /** How often an answer was "try again", and how often the command turned out to be done then. */
  readonly asked: { again: number; done: number };
}

/** Idempotency keys outlive the engine that they are sent to. */
let keys = 0;
const newKey = () => `settled-${process.pid}-${keys++}`;

/**
 * What a careful client does on "503, try again": it looks up what became of its command, and sends it again only when nothing did.
 * For one client at a time; deployments are told by the name of their first file.
 */
export function settledEngine(plain: TestEngine): SettledEngine {
  const { store, engine } = plain;
  const asked = { again: 0, done: 0 };

  /** `isDone` is asked after each failed try. */
  async function settled<T>(command: () => Promise<T>, isDone: () => Promise<boolean>): Promise<T> {
    for (;;) {
      try {
        return await command();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        asked.again++;
        if (await isDone()) {
          asked.done++;
          return undefined as T;
        }
      }
    }
  }
  const again = <T>(command: () => Promise<T>) => settled(command, () => Promise.resolve(false));

  /** A command that was committed has left an event, or a signal on its way. */
  async function once<T>(command: () => Promise<T>): Promise<T> {
    const before = await traces(store);
    return settled(command, async () => {
      await again(() => freeAbandoned(store));
      return (await traces(store)) !== before;
    });
  }

  async function unlockAll(workerId: string): Promise<void> {
    for (const { id } of await store.read('SELECT id FROM external_task WHERE worker_id = ?', [workerId])) {
      await again(() => engine.externalTasks.unlock(Number(id)));
    }
  }

  const { tasks, externalTasks, runtime, management } = engine;
  return {
    ...plain,
    asked,
    engine: {
      ...engine,
      tasks: each(tasks, ['claim', 'complete'], once),
      externalTasks: {
        ...each(externalTasks, ['complete', 'failure', 'bpmnError', 'setRetries', 'unlock'], once),
        fetchAndLock: (input) =>
          again(() =>
            externalTasks.fetchAndLock(input).catch(async (error: unknown) => {
              // Locks that nobody was told of would stay until they run out.
              await unlockAll(input.workerId);
              throw error;
            }),
          ),
      },
      runtime: {
        ...each(runtime, ['signal', 'evaluateConditions', 'setVariables'], once),
        correlate(input) {
          const idempotencyKey = newKey();
          return again(() => runtime.correlate({ ...input, idempotencyKey }));
        },
      },
      management: each(management, ['executeJob'], once),
    },
    deploy: (...resources) =>
      settled(
        () => plain.deploy(...resources),
        async () => (await store.read('SELECT deployment_id FROM resource WHERE name = ?', [resources[0]?.name ?? ''])).length > 0,
      ),
    start(key, variables = {}, businessKey) {
      const idempotencyKey = newKey();
      const input = { definition: { key }, tenant: TENANT, area: AREA, businessKey: businessKey ?? null, variables: variablesOf(variables), actor: ACTOR, idempotencyKey };
      return again(() => runtime.start(input));
    },
    async runJobs() {
      for (let count = 0; ; ) {
        const due = await again(() =>
          acquireDue(store, { limit: 50, leaseMs: 30_000 }).catch(async (error: unknown) => {
            await again(() => freeAbandoned(store));
            throw error;
          }),
        );
        if (due.length === 0) return count;
        count += due.length;
        // The lease is its key: a job that is done is not ours any more.
        for (const job of due) await again(() => management.executeLeased(job));
      }
    },
  };
}

async function traces(store: Store): Promise<string> {
  const [row] = await store.read('SELECT (SELECT COUNT(*) FROM event) AS events, (SELECT COUNT(*) FROM outbox) AS signals');
  return `${String(row?.events)} ${String(row?.signals)}`;
}

/** The service with some of its methods in `wrap`. */
function each<S extends object, N extends keyof S>(service: S, names: readonly N[], wrap: (command: () => Promise<unknown>) => Promise<unknown>): S {
  const wrapped = names.map((name) => {
    const method = service[name] as (...input: unknown[]) => Promise<unknown>;
    return [name, (...input: unknown[]) => wrap(() => method(...input))];
  });
  return { ...service, ...(Object.fromEntries(wrapped) as Partial<S>) };
}
