import type { Actor } from '#engine/core/ports.ts';
import { notFound } from '#engine/errors.ts';
import { definitionById, setDefinitionSuspended, SHARED } from '#engine/store/definition-store.ts';
import { loadByInstance } from '#engine/store/instance-store.ts';
import { DEFINITION_SUSPENSION, openLaterJob, setTimerStartsSuspended } from '#engine/store/loose-job-store.ts';
import { read, type Work, type Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import { forEachOf } from './for-each-of.ts';
import { runCommand } from './run-command.ts';
import { suspensionCommand } from './suspension.ts';

export interface SuspendDefinitions {
  /** Definition ids. */
  ids: readonly number[];
  tenant: string;
  areas: readonly string[];
  suspended: boolean;
  includeInstances: boolean;
  /** Epoch ms; a job does it then. null = now. */
  at: number | null;
  actor: Actor;
}

/** A suspended definition refuses starts by whatever way; its instances go on unless they are included. */
export async function suspendDefinitions(context: ServiceContext, input: SuspendDefinitions): Promise<void> {
  const { store, jobDue } = context;
  const { at, tenant } = input;
  if (at !== null && at > store.clock.now()) {
    const payload = { ...input, at: null };
    await store.batcher.run({ key: null, name: 'definition.suspend-later' }, function* (writes) {
      openLaterJob(writes, { id: store.ids.next(), kind: DEFINITION_SUSPENSION, tenant, definitionId: input.ids[0] ?? 0, dueAt: at, now: store.clock.now(), payload });
      writes.afterCommit(() => jobDue(at));
    });
    return;
  }
  await store.batcher.run({ key: `definitions:${tenant}`, name: 'definition.suspend' }, (writes) => mark(context, writes, input));
  if (input.includeInstances) await suspendInstancesOf(context, input);
}

function* mark({ settings, definitions }: ServiceContext, writes: Writes, { ids, tenant, suspended }: SuspendDefinitions): Work<void> {
  for (const id of ids) {
    const row = yield* definitionById(id);
    if (!row || row.tenant !== tenant) throw notFound('process definition', id);
    setDefinitionSuspended(writes, id, suspended);
    yield* setTimerStartsSuspended(writes, id, suspended);
    writes.afterCommit(() => {
      settings.forget(id);
      definitions.changed(id);
    });
  }
}

async function suspendInstancesOf(context: ServiceContext, { ids, tenant, areas, suspended, actor }: SuspendDefinitions): Promise<void> {
  for (const definitionId of ids) {
    const rows = await context.store.read('SELECT id, area FROM process_instance WHERE definition_id = ? AND tenant = ? ORDER BY id', [definitionId, tenant]);
    const instances = rows.filter(({ area }) => areas.some((own) => area === own || String(area).startsWith(`${own}/`))).map(({ id }) => Number(id));
    await forEachOf(instances, (id) => suspendInstance(context, id, suspended, actor));
  }
}

/** An instance that has ended meanwhile needs nothing. */
export function suspendInstance(context: ServiceContext, id: number, isSuspended: boolean, actor: Actor): Promise<void> {
  return context.store.batcher.run({ key: id, name: 'instance.suspend' }, function* (writes) {
    const loaded = yield* loadByInstance(id);
    if (!loaded) return;
    const load = function* () {
      return (yield* loadByInstance(id)) ?? loaded;
    };
    yield* runCommand(context, writes, { load, command: suspensionCommand(id, isSuspended), actor, operation: isSuspended ? 'suspend' : 'activate' });
  });
}

/** The definitions of a key that a district has itself: the shared standard is not its own to suspend. */
export function* definitionIdsOf(key: string, tenant: string): Work<number[]> {
  if (tenant === SHARED) return [];
  return (yield* read('SELECT id FROM process_definition WHERE def_key = ? AND tenant = ? ORDER BY version', [key, tenant])).map(({ id }) => Number(id));
}
