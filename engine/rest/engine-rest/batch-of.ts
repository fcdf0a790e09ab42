import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import type { Reply } from '#engine/rest/route.ts';
import type { NewBatch } from '#engine/services/batches.ts';
import { presentBatch } from './batch/presenter.ts';

/** Makes a batch in the caller's name and answers with it. */
export async function batchOf(context: RouteContext, principal: Principal, batch: Pick<NewBatch, 'type' | 'items' | 'configuration'>): Promise<Reply> {
  const row = await context.engine.batches.create({ ...batch, tenant: principal.tenant, areas: principal.areas, actor: actorOf(principal) });
  return { body: presentBatch(row), audit: `batch ${row.id}: ${row.type}, ${row.total}` };
}
