import { invalidInput } from '#engine/errors.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { historicInstanceList } from '#engine/store/read-models/history-lists.ts';
import { listRows, type ListModel } from '#engine/store/read-models/filtered-list.ts';
import { processInstanceList } from '#engine/store/read-models/running-lists.ts';
import { instanceFilters } from './history/schema.ts';
import { listParameters, type ListBody } from './list-parameters.ts';
import { processInstanceFilters } from './process-instance/schema.ts';
import { filterId } from './wire-format.ts';

/** How operations on many instances name them: by ids, by a query on what runs, by one on history; all together. */
export interface WireSelection {
  processInstanceIds?: string[] | null;
  processInstanceQuery?: ListBody | null;
  historicProcessInstanceQuery?: ListBody | null;
}

/** Most things that one batch works on. */
export const MAX_SELECTED = 100_000;
const NO_IDS = { type: ['array', 'null'], maxItems: MAX_SELECTED, items: { type: 'string', maxLength: 20 } };

export const runningQuery = listParameters(processInstanceFilters, processInstanceList);
const historicQuery = listParameters(instanceFilters, historicInstanceList);

export const idsSchema = NO_IDS;
export const selectionProperties = {
  processInstanceIds: NO_IDS,
  processInstanceQuery: orNull(runningQuery.body),
  historicProcessInstanceQuery: orNull(historicQuery.body),
};

/** A schema of a query inside another body. */
export function orNull(schema: object): object {
  return { anyOf: [{ type: 'null' }, schema] };
}

/** Ids without repetition, in the order given. What the caller cannot see stays in the list, and is not found when its turn comes. @throws RequestError 400 when nothing is named */
export async function selectedInstances(context: RouteContext, principal: Principal, { processInstanceIds, processInstanceQuery, historicProcessInstanceQuery }: WireSelection): Promise<number[]> {
  if (!processInstanceIds && !processInstanceQuery && !historicProcessInstanceQuery)
    throw invalidInput('QUERY_INVALID', 'No process instance ids given: expected processInstanceIds or a query, but there is none', { problem: 'processInstanceIds' });
  const ids = new Set((processInstanceIds ?? []).map(filterId));
  if (processInstanceQuery) for (const id of await found(context, principal, processInstanceList, runningQuery, processInstanceQuery)) ids.add(id);
  if (historicProcessInstanceQuery) for (const id of await found(context, principal, historicInstanceList, historicQuery, historicProcessInstanceQuery)) ids.add(id);
  return required([...ids], 'process instance');
}

/** Ids that a list query finds in the caller's scope. */
export async function found(context: RouteContext, principal: Principal, model: ListModel, parameters: ReturnType<typeof listParameters>, body: ListBody): Promise<number[]> {
  const { store } = context;
  const request = parameters.ofBody(body, {}, scopeOf(principal), store.clock.now());
  const rows = await store.query(listRows(model, { ...request, offset: 0, limit: MAX_SELECTED + 1 }));
  return rows.map(({ id }) => Number(id));
}

/** @throws RequestError 400 for none, or more than a batch takes */
export function required(ids: number[], what: string): number[] {
  if (ids.length === 0) throw invalidInput('QUERY_INVALID', `Expected at least one ${what}, but none is named or found`, { problem: 'ids' });
  if (ids.length <= MAX_SELECTED) return ids;
  throw invalidInput('MAX_RESULTS_EXCEEDED', `Expected at most ${MAX_SELECTED} of ${what}, but there are more: narrow the query`, { limit: MAX_SELECTED });
}

