import type { Principal } from '#engine/identity/principal.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { finalVariables } from '#engine/store/read-models/instance-history.ts';
import type { InstanceListRow } from '#engine/store/read-models/instance-pages.ts';
import { CARD_VARIABLES, faceOf, facesOf, titleOf, type Face } from '../tasks/task-cards.ts';

/** An instance as lists show it. Times in epoch ms. */
export interface InstanceRow {
  id: string;
  processKey: string;
  processName: string;
  version: number;
  businessKey: string | null;
  title: string;
  status: string;
  startedAt: number;
  startedBy: string | null;
  startedByName: string | null;
  endedAt: number | null;
  endState: string | null;
  area: { path: string; name: string };
}

export async function instanceRows(context: RouteContext, rows: readonly InstanceListRow[], principal: Principal): Promise<InstanceRow[]> {
  const { identity, areaNames } = context;
  if (rows.length === 0) return [];
  const running = rows.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
  const ended = rows.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id);
  const [faces, lastFaces] = await Promise.all([facesOf(context, running, principal), endedFaces(context, ended)]);
  const [names, areaName] = await Promise.all([identity.names(principal.tenant), areaNames(principal.tenant)]);
  return rows.map((row) => {
    const processName = row.definitionName ?? row.definitionKey;
    const face = faces.get(row.id) ?? lastFaces.get(row.id);
    return {
      id: String(row.id),
      processKey: row.definitionKey,
      processName,
      version: row.version,
      businessKey: row.businessKey,
      title: face ? titleOf(face, processName) : processName,
      status: row.status,
      startedAt: row.startedAt,
      startedBy: row.startedBy,
      startedByName: row.startedBy === null ? null : (names.get(row.startedBy) ?? row.startedBy),
      endedAt: row.endedAt,
      endState: row.endState,
      area: { path: row.area, name: areaName(row.area) },
    };
  });
}

/** Ended instances are searched by nothing any more: their title comes from the variables they ended with. */
async function endedFaces({ store }: RouteContext, ids: readonly number[]): Promise<Map<number, Face>> {
  const faces = new Map<number, Face>();
  for (const id of ids) {
    const variables = (await store.query(finalVariables(id))) ?? {};
    const values = Object.fromEntries(CARD_VARIABLES.map((name) => [name, variables[name]?.value]));
    faces.set(id, faceOf(values, new Map()));
  }
  return faces;
}
