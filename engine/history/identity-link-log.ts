import type { TaskState } from '#engine/core/state.ts';
import { entryBase, moveRemembered, type Log, type LogEntry, type LogPlace } from './log.ts';

export interface IdentityLinkEntry extends LogEntry {
  task: number;
  type: 'assignee' | 'owner' | 'candidate';
  user: string | null;
  group: string | null;
  operation: 'add' | 'delete';
  /** Who did it; null = the engine. */
  assigner: string | null;
}

type Link = Pick<IdentityLinkEntry, 'type' | 'user' | 'group'>;

/** Each assignment of each task, and who made it: Camunda's HistoricIdentityLinkLog. */
export const identityLinkLog: Log<IdentityLinkEntry> = {
  codes: ['uc', 'uu'],
  level: 'full',
  reader() {
    const elements = new Map<number, { element: number }>();
    return (event, place) => {
      if (event.type === 'UserTaskCreated') {
        elements.set(event.id, { element: event.element });
        return linksOf(event.task).map((link, nth) => entry(place, event.id, event.element, link, 'add', nth));
      }
      moveRemembered(event, elements.values());
      if (event.type !== 'UserTaskUpdated') return [];
      const before = linksOf(event.old);
      const now = linksOf(event.change);
      const changed = [
        ...before.filter((link) => !has(now, link)).map((link) => ({ link, operation: 'delete' as const })),
        ...now.filter((link) => !has(before, link)).map((link) => ({ link, operation: 'add' as const })),
      ];
      const element = elements.get(event.id)?.element ?? null;
      return changed.map(({ link, operation }, nth) => entry(place, event.id, element, link, operation, nth));
    };
  },
};

function entry(place: LogPlace, task: number, element: number | null, link: Link, operation: 'add' | 'delete', nth: number): IdentityLinkEntry {
  const base = entryBase(place, element);
  return { ...base, id: `${base.id}:${nth}`, task, ...link, operation, assigner: place.command.actor };
}

function linksOf({ assignee, owner, candidateUsers = [], candidateGroups = [] }: Partial<TaskState>): Link[] {
  const links: Link[] = [];
  for (const user of candidateUsers) links.push({ type: 'candidate', user, group: null });
  for (const group of candidateGroups) links.push({ type: 'candidate', user: null, group });
  if (owner) links.push({ type: 'owner', user: owner, group: null });
  if (assignee) links.push({ type: 'assignee', user: assignee, group: null });
  return links;
}

const has = (links: readonly Link[], { type, user, group }: Link): boolean =>
  links.some((link) => link.type === type && link.user === user && link.group === group);
