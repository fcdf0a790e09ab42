import { isScope, startEventOf } from '../behaviors/event-sub-processes.ts';
import { resolveIncidents } from '../behaviors/incidents.ts';
import { interrupts } from '../behaviors/stays-open.ts';
import { startTimeouts } from '../behaviors/task-listeners.ts';
import { waitFor } from '../events/catching-events.ts';
import { isEventSubProcess } from '../instance-tree.ts';
import type { UserTask } from '../model.ts';
import { elementAt, emit, type Run, type Token, tokenOf } from '../run.ts';
import type { ElementInstance, JobState } from '../state.ts';
import { type Activity, eventsOf, keyOf } from './activity.ts';
import type { InstanceView } from './instance-view.ts';
import type { MappedActivity } from './plan.ts';

/** Events that wait anew when the instance is migrated: element index of the new version, by the element instance that they belong to. */
export type Reopened = Map<number, Set<number>>;

/**
 * Closes what waits for events that the plan does not map, or that it updates; all else waits on as it is, a timer until the time
 * that it was set to.
 */
export function closeTriggers(run: Run, view: InstanceView): Reopened {
  const { state } = view;
  const reopened: Reopened = new Map();
  const keep = (element: number, owner: ElementInstance): boolean => {
    const mapped = mappedEvent(view, element, owner);
    if (!mapped) return false;
    if (!mapped.instruction.updateEventTrigger) return true;
    const events = reopened.get(owner.id);
    if (events) events.add(mapped.target.element.index);
    else reopened.set(owner.id, new Set([mapped.target.element.index]));
    return false;
  };
  for (const subscription of state.subscriptions.toReversed()) {
    const owner = stayingOwner(view, subscription.owner);
    if (owner && !keep(subscription.element, owner))
      emit(run, state, { instance: state.id, type: 'SubscriptionClosed', subscription: subscription.id, reason: 'canceled' });
  }
  const open = new Set(state.subscriptions.map(({ id }) => id));
  for (const job of state.jobs.toReversed()) {
    const owner = stayingOwner(view, job.owner);
    if (!owner || (job.kind === 'timer' ? keepsTimer(job, owner) : !job.signal || open.has(job.signal.subscription))) continue;
    resolveIncidents(run, state, job.id);
    emit(run, state, { instance: state.id, type: 'JobCanceled', job: job.id });
  }
  return reopened;

  function keepsTimer(job: JobState, owner: ElementInstance): boolean {
    return job.listener === undefined ? keep(job.element, owner) : timeoutsOf(view.mapped(owner)?.target).has(job.listener);
  }
}

/** What belongs to a scope that is taken away ends with that. */
function stayingOwner(view: InstanceView, id: number): ElementInstance | undefined {
  const owner = view.byId.get(id);
  return owner && view.mapped(owner) ? owner : undefined;
}

/** The event has to belong to the same element instance afterwards. */
function mappedEvent({ mapping, mapped: of }: InstanceView, element: number, owner: ElementInstance): MappedActivity | undefined {
  const host = of(owner);
  if (!host || element === owner.element) return host;
  const mapped = mapping.bySource.get(keyOf({ element: elementAt(mapping.source, element), isBody: false }));
  return mapped && eventsOf(mapping.target, host.target).includes(mapped.target.element.index) ? mapped : undefined;
}

/** Begins to wait for the events that are new in the version, and for those that are updated. `kept`: the element instances from before. */
export function openTriggers(run: Run, view: InstanceView, kept: readonly ElementInstance[], reopened: Reopened): void {
  const { state, mapping } = view;
  const interrupted = interruptedScopes(view, kept);
  for (const instance of kept) {
    const mapped = view.mapped(instance);
    if (!mapped) continue;
    const token = tokenOf(run, state, instance);
    const again = reopened.get(instance.id) ?? NONE;
    if (again.has(instance.element)) waitFor(token);
    if (!isWaiting(instance)) continue;
    for (const index of eventsOf(mapping.target, mapped.target)) {
      const event = elementAt(mapping.target, index);
      const isNew = !mapping.byTarget.has(keyOf({ element: event, isBody: false }));
      if (isNew && event.type === 'bpmn:StartEvent' && interrupted.has(instance.id)) continue;
      if (isNew || again.has(index)) waitFor({ ...token, element: event });
    }
    if (instance.task) startNewTimeouts(token as Token<UserTask>, mapped);
  }
}

const NONE: ReadonlySet<number> = new Set();

/** Its events are open: it has begun and has not ended. */
const isWaiting = ({ phase, loop }: ElementInstance) => phase === 'active' || (phase === 'body' && loop !== undefined);

/** Scopes that an interrupting event sub-process has taken over: nothing else can begin there. */
function interruptedScopes({ mapping }: InstanceView, kept: readonly ElementInstance[]): Set<number> {
  const scopes = new Set<number>();
  for (const { element, scope } of kept) {
    const at = elementAt(mapping.target, element);
    if (isScope(at) && isEventSubProcess(at) && interrupts(startEventOf(mapping.target, element))) scopes.add(scope);
  }
  return scopes;
}

/** Timers of `timeout` task listeners have no ids: the listeners are the same when they stand at the same place. */
function timeoutsOf(activity: Activity | undefined): Set<number> {
  const listeners = activity?.element.type === 'bpmn:UserTask' ? (activity.element.taskListeners ?? []) : [];
  return new Set(listeners.flatMap(({ timer }, index) => (timer ? [index] : [])));
}

function startNewTimeouts(token: Token<UserTask>, { source }: MappedActivity): void {
  const known = timeoutsOf(source);
  startTimeouts(token, (listener) => !known.has(listener));
}
