import { completeTask } from '#engine/core/commands/complete-task.ts';
import { startInstance, type StartInstanceInput } from '#engine/core/commands/start-instance.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { RootState } from '#engine/core/ports.ts';
import type { CommandResult } from '#engine/core/run.ts';
import { insertDefinition } from '#engine/store/definition-store.ts';
import { loadByTask, type LoadedRoot, recordEvents } from '#engine/store/instance-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { Row, Work, Writes } from '#engine/store/unit-of-work.ts';
import { anActor, corePorts } from './core-ports.ts';
import { vars } from './core-scenario.ts';

export const TENANT = '120103';
export const STREET = '120103/120103008';

type Command<I, R> = (input: I, root: RootState, ports: ReturnType<typeof corePorts>, actor: typeof anActor) => CommandResult<R>;

/** Core commands run on a real store, as the services do it; definition ids are 1, 2, … in the order of `models`. */
export async function storeWorld(store: Store, models: ProcessModel[], functions: Parameters<typeof corePorts>[1] = {}) {
  const ports = Object.assign(corePorts(models, functions), { nextId: store.ids.next });
  await store.batcher.run({ key: null, name: 'define' }, function* (writes) {
    models.forEach((model, index) => {
      const plain = {
        tenant: '',
        version: 1,
        versionTag: null,
        name: model.key,
        deploymentId: 1,
        resource: `${model.key}.bpmn`,
        modelHash: model.key,
      };
      insertDefinition(writes, { ...plain, id: index + 1, key: model.key, startFormKey: null, isStartable: true, isSuspended: false });
    });
  });

  function* work<I, R>(writes: Writes, load: Work<LoadedRoot | null> | null, command: Command<I, R>, input: I): Work<R> {
    const loaded = load ? yield* load : null;
    if (load && !loaded) throw new Error('Expected something to load, but it is gone');
    const root: RootState = { instances: new Map() };
    for (const [id, instance] of loaded?.instances ?? []) root.instances.set(id, instance.state);
    const { events, result } = command(input, root, ports, anActor);
    recordEvents(writes, {
      loaded,
      after: root,
      events,
      at: ports.now,
      actor: anActor,
      operation: command.name,
      modelOf: (id) => ports.model(id),
    });
    return result;
  }
  const perform = <I, R>(load: (() => Work<LoadedRoot | null>) | null, command: Command<I, R>, input: I): Promise<R> =>
    store.batcher.run({ key: null, name: command.name }, (writes) => work(writes, load ? load() : null, command, input));

  return {
    ports,
    work,
    perform,
    start: (variables: Record<string, unknown> = {}, input: Partial<StartInstanceInput> = {}) =>
      perform(null, startInstance, { definitionId: 1, tenant: TENANT, area: STREET, variables: vars(variables), ...input }),
    complete: (taskId: number, variables: Record<string, unknown> = {}) =>
      perform(() => loadByTask(taskId), completeTask, { taskId, variables: vars(variables) }),
    rows: (table: string): Promise<Row[]> => store.read(`SELECT * FROM ${table}`),
    /** Ids of open tasks at this element, oldest first. */
    tasksAt: async (element: string): Promise<number[]> =>
      (await store.read('SELECT id FROM task WHERE element = ? ORDER BY id', [element])).map((row) => Number(row.id)),
  };
}
export type StoreWorld = Awaited<ReturnType<typeof storeWorld>>;
