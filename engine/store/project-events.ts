import type { EngineEvent, EventOf } from '#engine/core/events.ts';
import type { IncidentState } from '#engine/core/state.ts';
import type { InstanceChange } from './instance-store.ts';
import { ownedRow } from './owned-row.ts';
import { shows } from './history-level.ts';
import { beforeMigration, migratedRows } from './project-migration.ts';
import { activityEnded, decisionEvaluated, historySeq, incidentEnded } from './project-history.ts';
import { knownTask, type TaskChange, writeTask } from './project-tasks.ts';
import type { ElementSnapshot } from './snapshot.ts';
import type { Row, Writes } from './unit-of-work.ts';
import { externalTaskRow, incidentRow, jobRow, subscriptionRow } from './waiting-rows.ts';

/** What is known while the events of one instance are folded into rows. */
interface Projection {
  writes: Writes;
  /** Before a migration with the model as it was. */
  change: InstanceChange;
  tasks: Map<number, TaskChange>;
  /** Element instances that began in this command; the others are in the snapshot. */
  begun: Map<number, ElementSnapshot>;
  /** Rows that this command creates, by table and id: an end in the same command takes them away again. */
  created: Map<string, Row>;
  /** Changes of rows that exist, by table and id; null = delete. */
  changed: Map<string, { table: string; id: number; set: Row | null }>;
  openIncidents: Map<number, IncidentState>;
  historyIndex: number;
}

/** Writes the runtime rows and the history rows of one instance's events; what comes and goes in one command leaves history only. */
export function projectEvents(writes: Writes, change: InstanceChange): void {
  const projection: Projection = {
    writes,
    change: beforeMigration(change),
    tasks: new Map(),
    begun: new Map(),
    created: new Map(),
    changed: new Map(),
    openIncidents: new Map(),
    historyIndex: 0,
  };
  for (const event of change.events) {
    if (event.type === 'InstanceMigrated') projection.change = change;
    project(projection, event);
  }
  if (change.migratedFrom) for (const { table, id, set } of migratedRows(change)) alter(projection, table, id, set);
  for (const task of projection.tasks.values()) writeTask(writes, change, task);
  for (const [key, row] of projection.created) writes.insert(key.slice(0, key.indexOf(' ')), row);
  for (const { table, id, set } of projection.changed.values()) {
    if (set) writes.update(table, { id }, set);
    else writes.delete(table, { id });
  }
}

function project(projection: Projection, event: EngineEvent): void {
  const project = projectors[event.type as keyof typeof projectors] as ((projection: Projection, event: EngineEvent) => void) | undefined;
  project?.(projection, event);
}

type Projectors = { [T in EngineEvent['type']]?: (projection: Projection, event: EventOf<T>) => void };

/** An event that is not named here changes the state only. */
const projectors = {
  ElementActivated({ begun }, { id, phase, at }) {
    begun.set(id, { startedAt: at, phase, task: undefined, retries: null, calledInstance: undefined });
  },
  ElementContinued(projection, { id, phase }) {
    const element = elementOf(projection, id);
    if (element && phase === 'body') element.phase = phase;
  },
  InstanceCalled(projection, { id, called }) {
    const element = elementOf(projection, id);
    if (element) element.calledInstance = called;
  },
  ElementCompleted: (projection, { id, element }) => endActivity(projection, id, element, false),
  ElementCanceled: (projection, { id, element }) => endActivity(projection, id, element, true),
  DecisionEvaluated(projection, event) {
    decisionEvaluated(projection.writes, projection.change, event, historySeq(projection.change.rev, projection.historyIndex++));
  },

  UserTaskCreated(projection, { id, element, task }) {
    // The time its element began, which the state remembers: candidate rows are found by it again.
    const createdAt = elementOf(projection, id)?.startedAt ?? projection.change.at;
    projection.tasks.set(id, { id, element, createdAt, before: null, now: task, ended: null });
  },
  UserTaskUpdated({ tasks, change }, { id, change: changed }) {
    const task = knownTask(tasks, change, id, change.state.elements.find((element) => element.id === id)?.element ?? 0);
    task.now = { ...task.now, ...changed };
  },
  UserTaskEnded({ tasks, change }, { id, element, reason }) {
    const task = knownTask(tasks, change, id, element);
    task.element = element;
    task.ended = reason;
  },

  JobCreated(projection, { job }) {
    create(projection, 'job', job.id, jobRow(projection.change, job, projection.change.at));
  },
  JobExecuted: (projection, { job }) => remove(projection, 'job', job),
  JobCanceled: (projection, { job }) => remove(projection, 'job', job),
  JobRescheduled(projection, { job, dueAt }) {
    alter(projection, 'job', job, { due_at: dueAt, available_at: availableAt(projection, job, dueAt), lock_owner: null });
  },
  JobFailed(projection, { job, retries, dueAt, message, details }) {
    const available = retries > 0 ? availableAt(projection, job, dueAt) : null;
    alter(projection, 'job', job, {
      retries,
      due_at: dueAt,
      available_at: available,
      lock_owner: null,
      error: message,
      error_details: details,
    });
  },
  JobRetriesSet(projection, { job, retries, dueAt }) {
    alter(projection, 'job', job, {
      retries,
      due_at: dueAt,
      available_at: retries > 0 ? availableAt(projection, job, dueAt) : null,
      lock_owner: null,
    });
  },

  JobDueDateSet(projection, { job, dueAt }) {
    alter(projection, 'job', job, { due_at: dueAt, ...reachOf(projection, job) });
  },
  JobPrioritySet(projection, { job, priority }) {
    alter(projection, 'job', job, { priority });
  },
  JobSuspended(projection, { job }) {
    alter(projection, 'job', job, { suspended: 1, ...reachOf(projection, job) });
  },
  JobActivated(projection, { job }) {
    alter(projection, 'job', job, { suspended: null, ...reachOf(projection, job) });
  },

  SubscriptionOpened(projection, { subscription }) {
    create(projection, 'subscription', subscription.id, subscriptionRow(projection.change, subscription, projection.change.at));
  },
  SubscriptionClosed: (projection, { subscription }) => remove(projection, 'subscription', subscription),

  ExternalTaskCreated(projection, { id, element, topic, priority }) {
    const { change } = projection;
    create(
      projection,
      'external_task',
      id,
      externalTaskRow(change, { id, element, startedAt: change.at }, { topic, priority, retries: null, errorMessage: null }),
    );
  },
  ExternalTaskFailed(projection, { id, retries, retryAt, message, details }) {
    const available = retries > 0 ? retryAt : null;
    alter(projection, 'external_task', id, {
      retries,
      worker_id: null,
      available_at: available,
      error_message: message,
      error_details: details,
    });
  },
  ExternalTaskRetriesSet(projection, { id, retries }) {
    const wasUsedUp = projection.change.loaded?.before.elements.get(id)?.retries === 0;
    // A task that a worker holds keeps its lock; one without retries becomes free again, or is taken out of reach.
    const reach = retries === 0 ? { available_at: null, worker_id: null } : wasUsedUp ? { available_at: 0 } : {};
    alter(projection, 'external_task', id, { retries, ...reach });
  },
  ExternalTaskPrioritySet(projection, { id, priority }) {
    alter(projection, 'external_task', id, { priority });
  },
  ExternalTaskEnded: (projection, { id }) => remove(projection, 'external_task', id),

  IncidentCreated(projection, { incident }) {
    projection.openIncidents.set(incident.id, incident);
    create(projection, 'incident', incident.id, incidentRow(projection.change, incident));
  },
  IncidentResolved(projection, { incident: id }) {
    const { change, openIncidents, writes } = projection;
    const incident = openIncidents.get(id) ?? change.loaded?.before.incidents.find((known) => known.id === id);
    remove(projection, 'incident', id);
    if (incident && shows(change.historyLevel, 'full')) incidentEnded(writes, ownedRow(change, id, incident.element, incident.at), incident, change.at);
  },

  InstanceSuspended: (projection) => setReach(projection, false),
  InstanceActivated: (projection) => setReach(projection, true),
} satisfies Projectors;

function endActivity(projection: Projection, id: number, element: number, canceled: boolean): void {
  const { change, tasks, writes } = projection;
  const place = change.model.elements[element];
  const before = elementOf(projection, id);
  // What is there again to be compensated ran once; as in Camunda 7 only its handlers are history.
  if (!place || !before || id === change.state.id || before.phase === 'compensating') return;
  const task = tasks.get(id)?.now ?? before.task;
  const seq = historySeq(change.rev, projection.historyIndex++);
  activityEnded(writes, change, {
    id,
    seq,
    element: place,
    before,
    assignee: task?.assignee ?? null,
    isTask: task !== undefined,
    canceled,
  });
}

function elementOf({ begun, change }: Projection, id: number): ElementSnapshot | undefined {
  return begun.get(id) ?? change.loaded?.before.elements.get(id);
}

function create({ created }: Projection, table: string, id: number, row: Row): void {
  created.set(`${table} ${id}`, row);
}

function alter({ created, changed }: Projection, table: string, id: number, set: Row): void {
  const key = `${table} ${id}`;
  const row = created.get(key);
  if (row) Object.assign(row, set);
  else changed.set(key, { table, id, set: { ...changed.get(key)?.set, ...set } });
}

function remove({ created, changed }: Projection, table: string, id: number): void {
  const key = `${table} ${id}`;
  if (!created.delete(key)) changed.set(key, { table, id, set: null });
}

function availableAt({ change: { state } }: Projection, job: number, dueAt: number): number | null {
  return state.status === 'suspended' || state.jobs.some(({ id, suspended }) => id === job && suspended) ? null : dueAt;
}

/** As the state has it after the command; whoever has leased the job loses it. */
function reachOf(projection: Projection, id: number): Row {
  const job = projection.change.state.jobs.find((each) => each.id === id);
  return { available_at: job && job.retries > 0 ? availableAt(projection, id, job.dueAt) : null, lock_owner: null };
}

/** Nobody runs the jobs and external tasks of a suspended instance. */
function setReach(projection: Projection, isReachable: boolean): void {
  const { state } = projection.change;
  for (const job of state.jobs)
    alter(projection, 'job', job.id, { available_at: isReachable && !job.suspended && job.retries > 0 ? job.dueAt : null, lock_owner: null });
  for (const { id, externalTask } of state.elements) {
    if (externalTask)
      alter(projection, 'external_task', id, { available_at: isReachable && externalTask.retries !== 0 ? 0 : null, worker_id: null });
  }
}
