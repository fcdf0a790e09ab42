import type { EngineEvent, EventOf, EventType } from '#engine/core/events.ts';
import type { ProcessModel } from '#engine/core/model.ts';

type Name = (index: number | null) => string;
type Details = { [T in EventType]?: (event: EventOf<T>, name: Name) => string };
const element = (event: { element: number }, name: Name) => name(event.element);

/** What a test wants to see of an event beside its type. */
const details: Details = {
  ElementActivated: (event, name) => `${name(event.element)}${event.phase === 'active' ? '' : ` ${event.phase}`}`,
  ElementContinued: (event) => event.phase,
  ElementCompleted: element,
  ElementCanceled: element,
  UserTaskCreated: element,
  UserTaskEnded: (event, name) => `${name(event.element)} ${event.reason}`,
  ExternalTaskCreated: element,
  ExternalTaskEnded: (event, name) => `${name(event.element)} ${event.reason}`,
  InstanceCalled: element,
  InstanceEnded: (event) => event.outcome,
  TokenArrived: (event, name) => name(event.gateway),
  GatewayJoined: (event, name) => name(event.gateway),
  CompensationRecorded: (event, name) => name(event.record.element),
  VariableSet: (event) => `${event.name}=${JSON.stringify(event.value.value)}`,
  VariableRemoved: (event) => event.name,
  JobCreated: (event, name) => `${name(event.job.element)} ${event.job.kind}`,
  JobFailed: (event) => `${event.retries} left`,
  JobRescheduled: (event) => `${event.repeatLeft} left`,
  SubscriptionOpened: (event, name) => name(event.subscription.element),
  SubscriptionClosed: (event) => event.reason,
  MessageThrown: (event) => event.name,
  ErrorThrown: (event, name) => `${event.code} caught by ${name(event.caughtBy)}`,
  EscalationThrown: (event, name) => `${event.code} caught by ${name(event.caughtBy)}`,
  SignalThrown: (event) => event.name,
  EventReceived: element,
  LoopOutputAdded: (event) => `${event.index}=${JSON.stringify(event.value.value)}`,
  AdHocChanged: (event, name) => (event.closing ? 'closing' : event.waiting.map(name).join(' ')),
  LoopAdvanced: (event) => `${event.completed} done ${event.active} active`,
};

/** An event as one readable line with BPMN ids instead of numbers, e.g. `ElementActivated check`. */
export function line(event: EngineEvent, model: ProcessModel): string {
  const name: Name = (index) => (index === null ? 'nobody' : (model.elements[index]?.id ?? String(index)));
  const detail = details[event.type] as ((event: EngineEvent, name: Name) => string) | undefined;
  return detail ? `${event.type} ${detail(event, name)}` : event.type;
}
