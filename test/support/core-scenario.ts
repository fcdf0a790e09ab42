import assert from 'node:assert/strict';
import { applyEvent } from '#engine/core/apply.ts';
import { completeExternalTask } from '#engine/core/commands/complete-external-task.ts';
import { completeTask } from '#engine/core/commands/complete-task.ts';
import { correlateMessage } from '#engine/core/commands/correlate-message.ts';
import { executeJob } from '#engine/core/commands/execute-job.ts';
import { setVariables } from '#engine/core/commands/set-variables.ts';
import { startInstance, type StartInstanceInput } from '#engine/core/commands/start-instance.ts';
import { throwExternalTaskError } from '#engine/core/commands/throw-external-task-error.ts';
import type { EngineEvent } from '#engine/core/events.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { Ports, RootState } from '#engine/core/ports.ts';
import type { CommandResult } from '#engine/core/run.ts';
import type { ElementInstance, InstanceState } from '#engine/core/state.ts';
import { typed, type Variables } from '#engine/core/values.ts';
import { noteVisit } from './bpmn-coverage.ts';
import { anActor, corePorts, emptyRoot } from './core-ports.ts';
import { line } from './event-lines.ts';
import { aProcess, type Specs } from './process-builder.ts';

type Command<I, R> = (input: I, root: RootState, ports: Ports, actor: typeof anActor) => CommandResult<R>;

/** Plain values to typed variables. */
export const vars = (values: Record<string, unknown>): Variables =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typed(value)]));

/** Ids in an order that does not depend on who came first. */
export const sorted = (ids: readonly unknown[]): string[] => ids.map(String).toSorted((a, b) => a.localeCompare(b));

/**
 * One root that a test leads through commands by BPMN ids. After every command it checks that folding all events gives the
 * runtime state and that an ended instance has nothing left.
 */
export function scenario(ports: Ports) {
  const root = emptyRoot();
  const history: EngineEvent[] = [];
  /** The definition of each instance at the event that is looked at: a migration changes it. */
  const definitions = new Map<number, number>();
  function modelAt(event: EngineEvent): ProcessModel {
    if (event.type === 'InstanceStarted') definitions.set(event.instance, event.header.definitionId);
    if (event.type === 'InstanceMigrated') definitions.set(event.instance, event.definitionId);
    return ports.model(definitions.get(event.instance) ?? 0);
  }

  function perform<I, R>(command: Command<I, R>, input: I): { lines: string[]; result: R; events: EngineEvent[] } {
    const { events, result } = command(input, root, ports, anActor);
    // What is recorded is never changed: a later command that tries to fails the test.
    for (const event of events) freeze(event);
    history.push(...events);
    const lines = events.map((event) => {
      const model = modelAt(event);
      noteVisit(event, model);
      return line(event, model);
    });
    checkInvariants(root, history);
    return { lines, result, events };
  }
  const states = () => [...root.instances.values()];
  function one<T>(what: string, found: T[]): T {
    assert.equal(found.length, 1, `expected one ${what}, found ${found.length}`);
    return found[0] as T;
  }
  const elementId = (state: InstanceState, index: number) => ports.model(state.definitionId).elements[index]?.id;
  const instancesOf = (id: string, having: (instance: ElementInstance) => boolean = () => true) =>
    states().flatMap((state) => state.elements.filter((instance) => elementId(state, instance.element) === id && having(instance)));
  const taskOf = (id: string) =>
    one(
      `open task ${id}`,
      instancesOf(id, (instance) => instance.task !== undefined),
    ).id;
  const externalTaskOf = (id: string) =>
    one(
      `open external task ${id}`,
      instancesOf(id, (instance) => instance.externalTask !== undefined),
    ).id;
  const jobsOf = (id: string) => states().flatMap((state) => state.jobs.filter((job) => elementId(state, job.element) === id));
  const subscriptionsOf = (id: string) =>
    states().flatMap((state) => state.subscriptions.filter((subscription) => elementId(state, subscription.element) === id));

  return {
    root,
    ports,
    history,
    perform,
    states,
    instancesOf,
    taskOf,
    externalTaskOf,
    jobsOf,
    subscriptionsOf,
    start: (variables: Record<string, unknown> = {}, input: Partial<StartInstanceInput> = {}) =>
      perform(startInstance, { definitionId: 1, tenant: '120103', area: '120103/120103008', variables: vars(variables), ...input }),
    complete: (id: string, variables: Record<string, unknown> = {}) =>
      perform(completeTask, { taskId: taskOf(id), variables: vars(variables) }),
    /** For one of several tasks of the same element. */
    completeById: (taskId: number, variables: Record<string, unknown> = {}) =>
      perform(completeTask, { taskId, variables: vars(variables) }),
    work: (id: string, variables: Record<string, unknown> = {}) =>
      perform(completeExternalTask, { taskId: externalTaskOf(id), workerId: 'worker', variables: vars(variables) }),
    fail: (id: string, code: string, variables: Record<string, unknown> = {}) =>
      perform(throwExternalTaskError, {
        taskId: externalTaskOf(id),
        workerId: 'worker',
        code,
        message: `${code} happened`,
        variables: vars(variables),
      }),
    due: (id: string) => perform(executeJob, { jobId: one(`job ${id}`, jobsOf(id)).id }),
    dueById: (jobId: number) => perform(executeJob, { jobId }),
    receive: (id: string, variables: Record<string, unknown> = {}, localVariables: Record<string, unknown> = {}) =>
      perform(correlateMessage, {
        subscriptionId: one(`subscription ${id}`, subscriptionsOf(id)).id,
        variables: vars(variables),
        localVariables: vars(localVariables),
      }),
    set: (variables: Record<string, unknown>, instanceId = states()[0]?.id ?? 0) =>
      perform(setVariables, { instanceId, set: vars(variables) }),
    variable: (name: string, state = states()[0]) => state?.elements[0]?.variables?.[name]?.value,
    /** BPMN ids of what is active, without the process itself. */
    active: () => states().flatMap((state) => state.elements.slice(1).map((instance) => elementId(state, instance.element))),
    status: () => states().map((state) => state.status),
  };
}
export type Scenario = ReturnType<typeof scenario>;

/** A scenario of one process, which has been started. @param functions that its expressions may call, see `corePorts` */
export function startProcess(
  elements: Specs,
  flows: string[],
  variables: Record<string, unknown> = {},
  functions?: Parameters<typeof corePorts>[1],
): Scenario {
  const s = scenario(corePorts([aProcess('p', elements, flows)], functions));
  s.start(variables);
  return s;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

/** Folding the events gives the state, which survives JSON; an instance is over exactly when nothing is left in it. */
export function checkInvariants(root: RootState, history: EngineEvent[]): void {
  const folded = new Map<number, InstanceState>();
  for (const event of history) folded.set(event.instance, applyEvent(folded.get(event.instance), event));
  assert.deepEqual(folded, root.instances);
  for (const state of root.instances.values()) {
    assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
    const left = state.elements.length - 1 + state.arrivals.length;
    assert.equal(state.status === 'ended', left === 0, `instance ${state.id} is ${state.status} with ${left} tokens`);
    const owners = new Set(state.elements.map((instance) => instance.id));
    checkCompensations(state, owners);
    for (const instance of state.elements.slice(1)) assert.ok(owners.has(instance.scope), `element instance ${instance.id} is an orphan`);
    for (const owned of [...state.jobs, ...state.subscriptions])
      assert.ok(owners.has(owned.owner), `${owned.kind} ${owned.id} is an orphan`);
  }
  checkEndings([...root.instances.values()], history);
}

/** What can be undone belongs to something that is there, or that can be undone itself; an ended instance undoes nothing any more. */
function checkCompensations(state: InstanceState, owners: Set<number>): void {
  const ids = new Set(state.compensations.map(({ id }) => id));
  assert.equal(ids.size, state.compensations.length, `instance ${state.id} would undo something twice`);
  if (state.status === 'ended') assert.deepEqual(state.compensations, []);
  for (const { id, scope, thrower } of state.compensations) {
    assert.ok(owners.has(scope) || ids.has(scope), `compensation ${id} is an orphan`);
    assert.ok(thrower === undefined || state.elements.some((part) => part.thrower === thrower), `compensation ${id} waits for nothing`);
  }
  for (const { id, phase } of state.elements) {
    if (phase !== 'compensating') continue;
    assert.ok(
      state.elements.some(({ thrower }) => thrower === id),
      `compensating scope ${id} waits for nothing`,
    );
  }
}

/** Whatever began has an event for its end, so that tables made from the events alone have no leftovers. */
function checkEndings(states: InstanceState[], history: EngineEvent[]): void {
  const open = {
    elements: new Set<number>(),
    tasks: new Set<number>(),
    jobs: new Set<number>(),
    subscriptions: new Set<number>(),
    incidents: new Set<number>(),
  };
  for (const event of history) {
    if (event.type === 'ElementActivated') open.elements.add(event.id);
    else if (event.type === 'ElementCompleted' || event.type === 'ElementCanceled') open.elements.delete(event.id);
    else if (event.type === 'UserTaskCreated' || event.type === 'ExternalTaskCreated') open.tasks.add(event.id);
    else if (event.type === 'UserTaskEnded' || event.type === 'ExternalTaskEnded') open.tasks.delete(event.id);
    else if (event.type === 'JobCreated') open.jobs.add(event.job.id);
    else if (event.type === 'JobExecuted' || event.type === 'JobCanceled') open.jobs.delete(event.job);
    else if (event.type === 'SubscriptionOpened') open.subscriptions.add(event.subscription.id);
    else if (event.type === 'SubscriptionClosed') open.subscriptions.delete(event.subscription);
    else if (event.type === 'IncidentCreated') open.incidents.add(event.incident.id);
    else if (event.type === 'IncidentResolved') open.incidents.delete(event.incident);
  }
  const idsOf = (list: (state: InstanceState) => { id: number }[]) => new Set(states.flatMap((state) => list(state).map(({ id }) => id)));
  assert.deepEqual(
    open.elements,
    idsOf((state) => state.elements.slice(1)),
  );
  assert.deepEqual(
    open.tasks,
    idsOf((state) => state.elements.filter(({ task, externalTask }) => task ?? externalTask)),
  );
  assert.deepEqual(
    open.jobs,
    idsOf((state) => state.jobs),
  );
  assert.deepEqual(
    open.subscriptions,
    idsOf((state) => state.subscriptions),
  );
  assert.deepEqual(
    open.incidents,
    idsOf((state) => state.incidents),
  );
}
