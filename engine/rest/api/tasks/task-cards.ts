import type { Principal } from '#engine/identity/principal.ts';
import { elderCards } from '#engine/registers/elders.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { searchValues } from '#engine/store/read-models/instance-history.ts';
import type { TaskListRow } from '#engine/store/read-models/task-queues.ts';

export type Lamp = 'green' | 'yellow' | 'red';

/** A task as lists show it. Times in epoch ms. */
export interface TaskCard {
  id: string;
  name: string;
  elementId: string;
  processKey: string;
  processName: string;
  instanceId: string;
  businessKey: string | null;
  title: string;
  assignee: string | null;
  assigneeName: string | null;
  createdAt: number;
  dueAt: number | null;
  priority: number;
  lamp: Lamp | null;
  level: number | null;
  elder: { id: string; name: string; tags: string[] } | null;
  area: { path: string; name: string };
  rev: number;
}

/** Process variables that give a case its face in lists; every shipped process uses these names. */
export const CARD_VARIABLES = ['title', 'level', 'elderId', 'elderName'];

/** Cards for rows of one list: names and elders are read once for all of them. */
export async function taskCards(context: RouteContext, rows: readonly TaskListRow[], principal: Principal): Promise<TaskCard[]> {
  const { store, identity, areaNames } = context;
  if (rows.length === 0) return [];
  const { tenant } = principal;
  const faces = await facesOf(
    context,
    rows.map((row) => row.instanceId),
    principal,
  );
  const [names, areaName] = await Promise.all([identity.names(tenant), areaNames(tenant)]);
  const now = store.clock.now();
  return rows.map((row) => {
    const face = faces.get(row.instanceId) ?? NO_FACE;
    const processName = row.definitionName ?? row.definitionKey;
    return {
      id: String(row.id),
      name: row.name ?? row.element,
      elementId: row.element,
      processKey: row.definitionKey,
      processName,
      instanceId: String(row.instanceId),
      businessKey: row.businessKey,
      title: titleOf(face, processName),
      assignee: row.assignee,
      assigneeName: row.assignee === null ? null : (names.get(row.assignee) ?? row.assignee),
      createdAt: row.createdAt,
      dueAt: row.dueAt,
      priority: row.priority,
      lamp: lampOf(row, now),
      level: face.level,
      elder: face.elder,
      area: { path: row.area, name: areaName(row.area) },
      rev: row.rev,
    };
  });
}

export interface Face {
  title: string | null;
  level: number | null;
  elderName: string | null;
  elder: { id: string; name: string; tags: string[] } | null;
}
const NO_FACE: Face = { title: null, level: null, elderName: null, elder: null };

/** What running instances are called by, from their searchable variables and the elder register. */
export async function facesOf({ store }: RouteContext, instanceIds: readonly number[], principal: Principal): Promise<Map<number, Face>> {
  const values = await store.query(searchValues([...new Set(instanceIds)], CARD_VARIABLES));
  const byInstance = new Map<number, Record<string, string | number | null>>();
  for (const { instanceId, name, value } of values) byInstance.set(instanceId, { ...byInstance.get(instanceId), [name]: value });
  const elderIds = values.filter(({ name }) => name === 'elderId').map(({ value }) => String(value));
  const { roles, tenant, locale } = principal;
  const elders = await store.query(elderCards(tenant, elderIds, { roles, now: store.clock.now(), locale }));
  return new Map([...byInstance].map(([id, face]) => [id, faceOf(face, elders)]));
}

export function faceOf(
  values: Readonly<Record<string, unknown>>,
  elders: ReadonlyMap<string, { id: string; name: string; tags: string[] }>,
): Face {
  const { title, level, elderId, elderName } = values;
  const elder = typeof elderId === 'string' ? elders.get(elderId) : undefined;
  return {
    title: typeof title === 'string' && title !== '' ? title : null,
    level: typeof level === 'number' && level >= 1 && level <= 4 ? level : null,
    elderName: typeof elderName === 'string' ? elderName : (elder?.name ?? null),
    elder: elder ? { id: elder.id, name: elder.name, tags: elder.tags } : null,
  };
}

export const titleOf = ({ title, elderName }: Face, processName: string): string =>
  title ?? (elderName ? `${elderName} · ${processName}` : processName);

/** Yellow when four fifths of the time are used, red when it is up. */
export function lampOf({ createdAt, dueAt }: Pick<TaskListRow, 'createdAt' | 'dueAt'>, now: number): Lamp | null {
  if (dueAt === null) return null;
  if (now > dueAt) return 'red';
  return now - createdAt >= 0.8 * (dueAt - createdAt) ? 'yellow' : 'green';
}
