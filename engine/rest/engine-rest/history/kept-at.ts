import type { RouteContext } from '#engine/rest/route-context.ts';
import { HISTORY_LEVELS, type HistoryLevel } from '#engine/store/history-level.ts';
import type { ListRequest } from '#engine/store/read-models/filtered-list.ts';

/** The condition of a list that shows only what is kept at that level, or at a higher one. */
export const keptAt = ({ history }: Pick<RouteContext, 'history'>, level: HistoryLevel): ListRequest['filter'] => ({
  keptAt: [HISTORY_LEVELS.indexOf(level), HISTORY_LEVELS.indexOf(history?.level ?? 'full')],
});
