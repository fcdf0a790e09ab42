import { entryBase, moveRemembered, type Log, type LogEntry } from './log.ts';

export interface ExternalTaskLogEntry extends LogEntry {
  state: 'created' | 'failed' | 'successful' | 'deleted';
  /** Element instance and external task. */
  task: number;
  topic: string | null;
  /** Who reported it; only of what succeeded. */
  worker: string | null;
  retries: number | null;
  priority: number;
  message: string | null;
  details: string | null;
}

/** Created, failed with message and details, completed, deleted: Camunda's HistoricExternalTaskLog. A BPMN error deletes it, as there. */
export const externalTaskLog: Log<ExternalTaskLogEntry> = {
  codes: ['xc', 'xf', 'xr', 'xp', 'xe'],
  level: 'full',
  reader() {
    const tasks = new Map<number, { element: number; topic: string; priority: number; retries: number | null }>();
    return (event, place) => {
      const entry = (id: number, state: ExternalTaskLogEntry['state'], more: Partial<ExternalTaskLogEntry> = {}): ExternalTaskLogEntry => {
        const task = tasks.get(id);
        const { topic = null, priority = 0, retries = null } = task ?? {};
        return { ...entryBase(place, task?.element ?? null), state, task: id, topic, worker: null, retries, priority, message: null, details: null, ...more };
      };
      switch (event.type) {
        case 'ExternalTaskCreated':
          tasks.set(event.id, { element: event.element, topic: event.topic, priority: event.priority, retries: null });
          return [entry(event.id, 'created')];
        case 'ExternalTaskFailed': {
          const task = tasks.get(event.id);
          if (task) task.retries = event.retries;
          return [entry(event.id, 'failed', { message: event.message, details: event.details })];
        }
        case 'ExternalTaskRetriesSet': {
          const task = tasks.get(event.id);
          if (task) task.retries = event.retries;
          return [];
        }
        case 'ExternalTaskPrioritySet': {
          const task = tasks.get(event.id);
          if (task) task.priority = event.priority;
          return [];
        }
        case 'ExternalTaskEnded':
          return [entry(event.id, event.reason === 'completed' ? 'successful' : 'deleted', { worker: event.worker })];
        default:
          moveRemembered(event, tasks.values());
          return [];
      }
    };
  },
};
