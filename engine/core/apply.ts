import type { EngineEvent, EventOf, EventType } from './events.ts';
import { elementInstance, indexById, processScope } from './instance-tree.ts';
import { migrateState, moveTokens } from './migration/apply-migration.ts';
import type { InstanceState } from './state.ts';

/**
 * Folds one event into the state, in place, and returns the state. Used by the running core and by replay alike.
 * What an event carries is shared with the state, never changed afterwards: changes replace the object.
 */
export function applyEvent(state: InstanceState | undefined, event: EngineEvent): InstanceState {
  if (event.type === 'InstanceStarted') return startedInstance(event);
  if (!state) throw new Error(`Expected the state of instance ${event.instance} for ${event.type}, but there is none`);
  (appliers[event.type] as (state: InstanceState, event: EngineEvent) => void)(state, event);
  return state;
}

function startedInstance({ instance, header }: EventOf<'InstanceStarted'>): InstanceState {
  const { definitionId, rootId, superId, superElementInstance, businessKey, tenant, area, startedAt, startedBy } = header;
  return {
    id: instance,
    definitionId,
    rootId,
    ...(superId !== undefined && { superId }),
    ...(superElementInstance !== undefined && { superElementInstance }),
    businessKey,
    tenant,
    area,
    startedAt,
    startedBy,
    status: 'active',
    elements: [{ id: instance, element: 0, scope: 0, startedAt, phase: 'active' }],
    jobs: [],
    subscriptions: [],
    incidents: [],
    arrivals: [],
    outputs: [],
    compensations: [],
  };
}

type Appliers = { [T in Exclude<EventType, 'InstanceStarted'>]: (state: InstanceState, event: EventOf<T>) => void };

const unchanged = () => {};

const appliers: Appliers = {
  InstanceEnded(state) {
    state.status = 'ended';
    // The process scope stays: its variables are the instance's last word.
    state.elements.length = 1;
    state.jobs = [];
    state.subscriptions = [];
    state.incidents = [];
    state.arrivals = [];
    state.outputs = [];
    state.compensations = [];
  },
  InstanceSuspended(state) {
    state.status = 'suspended';
  },
  InstanceActivated(state) {
    state.status = 'active';
  },
  ElementActivated(state, { id, element, scope, phase, at, thrower }) {
    state.elements.push({ id, element, scope, startedAt: at, phase, ...(thrower !== undefined && { thrower }) });
  },
  ElementContinued(state, { id, phase }) {
    elementInstance(state, id).phase = phase;
  },
  ElementCompleted: (state, event) => removeElement(state, event.id),
  ElementCanceled(state, { id }) {
    removeElement(state, id);
    if (state.compensations.some((record) => record.thrower === id)) giveBackCompensations(state, id);
  },
  TokenArrived(state, { gateway, scope, flow }) {
    const arrival = state.arrivals.find((a) => a.gateway === gateway && a.scope === scope && a.flow === flow);
    if (arrival) arrival.count++;
    else state.arrivals.push({ gateway, scope, flow, count: 1 });
  },
  GatewayJoined(state, { gateway, scope, flows, phase }) {
    for (const arrival of state.arrivals) {
      if (arrival.gateway !== gateway || arrival.scope !== scope) continue;
      if (phase === 'reset') delete arrival.consumed;
      if (!flows.includes(arrival.flow)) continue;
      arrival.count--;
      if (phase === 'start') arrival.consumed = true;
    }
    state.arrivals = state.arrivals.filter(({ count, consumed }) => count > 0 || consumed);
  },
  ArrivalsCanceled(state, { scope, gateway, flow }) {
    state.arrivals = state.arrivals.filter(
      (arrival) =>
        arrival.scope !== scope || (gateway !== undefined && arrival.gateway !== gateway) || (flow !== undefined && arrival.flow !== flow),
    );
  },
  CompensationRecorded(state, { record }) {
    state.compensations.push(record);
  },
  CompensationTriggered(state, { thrower, compensations }) {
    const taken = new Set(compensations);
    state.compensations = state.compensations.map((record) => (taken.has(record.id) ? { ...record, thrower } : record));
  },
  CompensationStarted(state, { compensation: id, inside }) {
    const at = state.compensations.findLastIndex((record) => record.id === id);
    const [started] = at < 0 ? [] : state.compensations.splice(at, 1);
    if (inside === null) return dropCompensationsIn(state, id);
    // Without a handler of its own all that is inside is undone.
    const moved = { scope: inside, ...(started?.handler === null && { thrower: inside }) };
    state.compensations = state.compensations.map((record) => (record.scope === id ? { ...record, ...moved } : record));
  },
  VariableSet(state, { scope, name, value }) {
    const owner = scope === state.id ? processScope(state) : elementInstance(state, scope);
    owner.variables ??= {};
    owner.variables[name] = value;
  },
  VariableRemoved(state, { scope, name }) {
    const { variables } = elementInstance(state, scope);
    if (variables) delete variables[name];
  },
  UserTaskCreated(state, { id, task }) {
    elementInstance(state, id).task = task;
  },
  UserTaskUpdated(state, { id, change }) {
    const instance = elementInstance(state, id);
    if (instance.task) instance.task = { ...instance.task, ...change };
  },
  UserTaskEnded(state, { id }) {
    delete elementInstance(state, id).task;
  },
  ExternalTaskCreated(state, { id, topic, priority }) {
    elementInstance(state, id).externalTask = { topic, priority, retries: null, errorMessage: null };
  },
  ExternalTaskFailed(state, { id, retries, message }) {
    const { externalTask } = elementInstance(state, id);
    if (externalTask) Object.assign(externalTask, { retries, errorMessage: message });
  },
  ExternalTaskRetriesSet(state, { id, retries }) {
    const { externalTask } = elementInstance(state, id);
    if (externalTask) externalTask.retries = retries;
  },
  ExternalTaskPrioritySet(state, { id, priority }) {
    const { externalTask } = elementInstance(state, id);
    if (externalTask) externalTask.priority = priority;
  },
  ExternalTaskEnded(state, { id }) {
    delete elementInstance(state, id).externalTask;
  },
  JobCreated(state, { job }) {
    state.jobs.push(job);
  },
  JobExecuted: (state, event) => removeById(state.jobs, event.job),
  JobRescheduled(state, { job, dueAt, repeatLeft }) {
    replaceById(state.jobs, job, (old) => ({
      ...old,
      dueAt,
      ...(old.repeat && { repeat: { left: repeatLeft, cycle: old.repeat.cycle } }),
    }));
  },
  JobFailed: (state, { job, retries, dueAt }) => replaceById(state.jobs, job, (old) => ({ ...old, retries, dueAt })),
  JobRetriesSet: (state, { job, retries, dueAt }) =>
    replaceById(state.jobs, job, (old) => {
      // Somebody looked at it: its path may begin anew.
      const { steps: _, ...rest } = old;
      return { ...rest, retries, dueAt };
    }),
  JobDueDateSet: (state, { job, dueAt }) => replaceById(state.jobs, job, (old) => ({ ...old, dueAt })),
  JobPrioritySet: (state, { job, priority }) => replaceById(state.jobs, job, (old) => ({ ...old, priority })),
  JobSuspended: (state, { job }) => replaceById(state.jobs, job, (old) => ({ ...old, suspended: true as const })),
  JobActivated: (state, { job }) =>
    replaceById(state.jobs, job, (old) => {
      const { suspended: _, ...rest } = old;
      return rest;
    }),
  JobCanceled: (state, event) => removeById(state.jobs, event.job),
  SubscriptionOpened(state, { subscription }) {
    state.subscriptions.push(subscription);
  },
  SubscriptionClosed: (state, event) => removeById(state.subscriptions, event.subscription),
  MessageReceived: unchanged,
  MessageThrown: unchanged,
  ErrorThrown: unchanged,
  EscalationThrown: unchanged,
  SignalThrown: unchanged,
  EventReceived: unchanged,
  IncidentCreated(state, { incident }) {
    state.incidents.push(incident);
  },
  IncidentResolved: (state, event) => removeById(state.incidents, event.incident),
  InstanceCalled(state, { id, called }) {
    elementInstance(state, id).calledInstance = called;
  },
  LoopStarted(state, { id, total, items, apart }) {
    elementInstance(state, id).loop = { total, completed: 0, active: 0, items, ...(apart && { apart }) };
  },
  LoopAdvanced(state, { id, completed, active, total, skipped }) {
    const { loop } = elementInstance(state, id);
    if (!loop) return;
    Object.assign(loop, { completed, active, ...(total !== undefined && { total }), ...(skipped !== undefined && { skipped }) });
    if (completed + active + (loop.skipped ?? 0) === loop.total) loop.items = null;
  },
  LoopOutputAdded(state, { id, item, index, value }) {
    state.outputs.push({ body: id, item, index, value });
  },
  AdHocChanged(state, { id, waiting, closing }) {
    elementInstance(state, id).adHoc = { waiting, closing };
  },
  DecisionEvaluated: unchanged,
  InstanceMigrated: migrateState,
  TokensMoved: moveTokens,
};

function removeElement(state: InstanceState, id: number): void {
  const at = indexById(state.elements, id);
  if (at <= 0) return;
  const [gone] = state.elements.splice(at, 1);
  if (gone?.loop && state.outputs.length > 0) state.outputs = state.outputs.filter(({ body }) => body !== id);
  // What was recorded of the element itself is at the end.
  if (!state.compensations.findLast((record) => record.id === id)) dropCompensationsIn(state, id);
}

/** The throwing event is gone; what it had not come to yet can be undone by another. */
function giveBackCompensations(state: InstanceState, by: number): void {
  state.compensations = state.compensations.map((record) => {
    if (record.thrower !== by) return record;
    const { thrower: _, ...free } = record;
    return free;
  });
}

/** Nobody can undo any more what was completed inside an element instance that is gone without a trace. */
function dropCompensationsIn(state: InstanceState, scope: number): void {
  if (!state.compensations.some((compensation) => compensation.scope === scope)) return;
  const inside = state.compensations.filter((compensation) => compensation.scope === scope);
  state.compensations = state.compensations.filter((compensation) => compensation.scope !== scope);
  for (const { id } of inside) dropCompensationsIn(state, id);
}

function removeById(list: { id: number }[], id: number): void {
  const at = indexById(list, id);
  if (at >= 0) list.splice(at, 1);
}

function replaceById<T extends { id: number }>(list: T[], id: number, change: (old: T) => T): void {
  const at = indexById(list, id);
  const old = list[at];
  if (old) list[at] = change(old);
}
