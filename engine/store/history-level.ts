import type { ProcessModel } from '#engine/core/model.ts';

/**
 * What `/history` shows, and what is kept of an instance after its end. `activity`: instances, activities and tasks; `audit`: the
 * variables as well; `full`: each value and assignment, jobs, external tasks, incidents, decisions, user operations.
 * The events of a running instance are kept at every level.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/history/history-configuration/
 */
export const HISTORY_LEVELS = ['none', 'activity', 'audit', 'full'] as const;
export type HistoryLevel = (typeof HISTORY_LEVELS)[number];

/** `songbai:historyLevel` of the process; null = it names none that we know. */
export function ownLevel(model: Pick<ProcessModel, 'elements'>): HistoryLevel | null {
  const own = model.elements[0]?.properties['songbai:historyLevel'];
  return HISTORY_LEVELS.find((level) => level === own) ?? null;
}

/** The process's own, else the engine's. */
export function levelOf(model: Pick<ProcessModel, 'elements'>, fallback: HistoryLevel): HistoryLevel {
  return ownLevel(model) ?? fallback;
}

/** Whether an instance kept at `level` shows what needs `wanted`. */
export function shows(level: HistoryLevel, wanted: HistoryLevel): boolean {
  return HISTORY_LEVELS.indexOf(level) >= HISTORY_LEVELS.indexOf(wanted);
}
