import type { TypedValue } from '#engine/core/values.ts';
import type { FilterValue, ListScope } from '#engine/store/read-models/filtered-list.ts';
import { levelOf, shows } from '#engine/store/history-level.ts';
import type { HistoricInstance } from '#engine/store/read-models/history-commands.ts';
import { instanceVariables } from '#engine/store/read-models/historic-variables.ts';
import { instancePages, readInstances, tooWide, type LogContext } from './log.ts';
import { variableLog, variablesOf, type VariableUpdate } from './variable-log.ts';

export interface HistoricVariable {
  instance: HistoricInstance;
  name: string;
  /** Element instance that has it; the instance's id = a process variable. */
  scope: number;
  /** Its last one. */
  value: TypedValue;
  createdAt: number;
  removed: boolean;
}

export interface VariablesQuery {
  scope: ListScope;
  /** Words of `INSTANCE_FILTERS`. */
  instances: Readonly<Record<string, FilterValue>>;
  keeps(variable: HistoricVariable): boolean;
  enough: number | null;
}

const PAGE = 50;
const MOST = 100_000;

/**
 * Variables with their last values, those of parts that are done among them: the newest instance first. Of instances kept at the
 * level `audit` those of the process.
 * @throws RequestError 400 when it would have to look at too much
 */
export async function historicVariables(context: LogContext, { scope, instances, keeps, enough }: VariablesQuery): Promise<HistoricVariable[]> {
  const found: HistoricVariable[] = [];
  for await (const page of instancePages(context.store, { scope, instances }, PAGE)) {
    const updates: VariableUpdate[] = [];
    await readInstances(context, variableLog, { keeps: () => true, enough: null }, page, updates);
    const byInstance = Map.groupBy(updates, ({ instance }) => instance.id);
    for (const instance of page) {
      const level = levelOf(await context.modelOf(instance.definitionId), context.historyLevel);
      if (shows(level, 'full')) found.push(...variablesOf(byInstance.get(instance.id) ?? []).map((variable) => ({ instance, ...variable })).filter(keeps));
      else if (shows(level, 'audit')) found.push(...(await kept(context, instance)).filter(keeps));
    }
    if (enough !== null && found.length >= enough) break;
    if (found.length > MOST) throw tooWide();
  }
  return found;
}

async function kept(context: LogContext, instance: HistoricInstance): Promise<HistoricVariable[]> {
  const known = await context.store.query(instanceVariables(instance.id));
  return Object.entries(known?.variables ?? {}).map(([name, value]) => ({ instance, name, scope: instance.id, value, createdAt: instance.startedAt, removed: false }));
}

/** Of a process variable `instance:name`, of others `instance.scope:name`. */
export function variableId(instance: number, scope: number, name: string): string {
  return scope === instance ? `${instance}:${name}` : `${instance}.${scope}:${name}`;
}

/** null for a text that is no id of a variable. */
export function parseVariableId(id: string): { instance: number; scope: number; name: string } | null {
  const [, instance, scope, name] = /^([1-9]\d{0,15})(?:\.([1-9]\d{0,15}))?:(.{1,255})$/s.exec(id) ?? [];
  return instance === undefined || name === undefined ? null : { instance: Number(instance), scope: Number(scope ?? instance), name };
}
