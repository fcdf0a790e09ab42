import type { EngineEvent } from '../events.ts';
import { elementAt } from '../run.ts';
import { activityId } from './activity.ts';
import type { InstanceView } from './instance-view.ts';

/** What a migration does to one instance, in BPMN ids of the version that each is of. */
export interface MigrationEffects {
  /** Element instances that stay; `to` is in the new version. */
  moved: { elementInstance: number; from: string; to: string }[];
  /** Scopes that are put around what runs. */
  begun: string[];
  /** Scopes that are taken away, and the names of variables that go with them. */
  ended: { activity: string; variables: string[] }[];
  /** Events that are waited for from now on, and no longer. */
  opened: string[];
  closed: string[];
}

/** @param migrate does it and returns the events */
export function effectsOf(view: InstanceView, migrate: () => readonly EngineEvent[]): MigrationEffects {
  const { state, mapping, byId } = view;
  const waiting = new Map([...state.jobs, ...state.subscriptions].map(({ id, element }) => [id, elementAt(mapping.source, element).id]));
  const effects: MigrationEffects = { moved: [], begun: [], ended: [], opened: [], closed: [] };
  for (const instance of state.elements.slice(1)) {
    const mapped = view.mapped(instance);
    if (mapped) effects.moved.push({ elementInstance: instance.id, from: activityId(mapped.source), to: activityId(mapped.target) });
  }
  for (const event of migrate()) {
    if (event.type === 'ElementActivated') effects.begun.push(elementAt(mapping.target, event.element).id);
    if (event.type === 'ElementCanceled') {
      const gone = byId.get(event.id);
      effects.ended.push({ activity: elementAt(mapping.source, event.element).id, variables: Object.keys(gone?.variables ?? {}) });
    }
    if (event.type === 'JobCreated') effects.opened.push(elementAt(mapping.target, event.job.element).id);
    if (event.type === 'SubscriptionOpened') effects.opened.push(elementAt(mapping.target, event.subscription.element).id);
    if (event.type === 'JobCanceled') effects.closed.push(waiting.get(event.job) ?? '');
    if (event.type === 'SubscriptionClosed') effects.closed.push(waiting.get(event.subscription) ?? '');
  }
  return effects;
}
