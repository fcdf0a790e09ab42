import { hash } from 'node:crypto';
import type { EngineEvent, EventOf, EventType, InstanceHeader } from '#engine/core/events.ts';
import type { CompensationState, TaskState } from '#engine/core/state.ts';
import type { TypedValue, Variables } from '#engine/core/values.ts';
import {
  decodeCompensation,
  decodeItems,
  decodeTask,
  type EncodedCompensation,
  type EncodedItems,
  encodeCompensation,
  encodeItems,
  encodeTask,
} from './state-codec.ts';
import { decodeValue, decodeVariables, type EncodedValue, encodeValue, encodeVariables, type MissingPayload, type Payloads, toJson } from './variable-codec.ts';

type Fields = { [T in EventType]: readonly [code: string, ...fields: Exclude<keyof EventOf<T>, 'type' | 'instance'>[]] };

/** Stored form of an event: its code and its fields in this order. Append only; an optional field stands last. */
const FIELDS: Fields = {
  InstanceStarted: ['is', 'header', 'startElement'],
  InstanceEnded: ['ie', 'outcome', 'element', 'reason'],
  InstanceSuspended: ['ip'],
  InstanceActivated: ['ia'],
  ElementActivated: ['ea', 'id', 'element', 'scope', 'phase', 'flow', 'at', 'thrower'],
  ElementContinued: ['en', 'id', 'phase'],
  ElementCompleted: ['ec', 'id', 'element'],
  ElementCanceled: ['ex', 'id', 'element'],
  TokenArrived: ['ta', 'gateway', 'scope', 'flow'],
  GatewayJoined: ['gj', 'gateway', 'scope', 'flows', 'phase'],
  ArrivalsCanceled: ['ac', 'scope', 'gateway', 'flow'],
  CompensationRecorded: ['cr', 'record'],
  CompensationTriggered: ['ct', 'thrower', 'compensations'],
  CompensationStarted: ['cs', 'compensation', 'inside'],
  VariableSet: ['vs', 'scope', 'name', 'value', 'old'],
  VariableRemoved: ['vr', 'scope', 'name', 'old'],
  UserTaskCreated: ['uc', 'id', 'element', 'task'],
  UserTaskUpdated: ['uu', 'id', 'change', 'old', 'operation'],
  UserTaskEnded: ['ue', 'id', 'element', 'reason'],
  ExternalTaskCreated: ['xc', 'id', 'element', 'topic', 'priority'],
  ExternalTaskFailed: ['xf', 'id', 'element', 'retries', 'retryAt', 'message', 'details'],
  ExternalTaskRetriesSet: ['xr', 'id', 'retries'],
  ExternalTaskPrioritySet: ['xp', 'id', 'priority'],
  ExternalTaskEnded: ['xe', 'id', 'element', 'reason', 'worker'],
  JobCreated: ['jc', 'job'],
  JobExecuted: ['je', 'job'],
  JobRescheduled: ['js', 'job', 'dueAt', 'repeatLeft'],
  JobFailed: ['jf', 'job', 'retries', 'dueAt', 'message', 'details'],
  JobRetriesSet: ['jr', 'job', 'retries', 'dueAt'],
  JobDueDateSet: ['jd', 'job', 'dueAt'],
  JobPrioritySet: ['jp', 'job', 'priority'],
  JobSuspended: ['jz', 'job'],
  JobActivated: ['ja', 'job'],
  JobCanceled: ['jx', 'job'],
  SubscriptionOpened: ['so', 'subscription'],
  SubscriptionClosed: ['sc', 'subscription', 'reason'],
  EventReceived: ['ev', 'subscription', 'name', 'element'],
  MessageReceived: ['mr', 'subscription', 'name', 'element'],
  MessageThrown: ['mt', 'element', 'name'],
  ErrorThrown: ['et', 'id', 'element', 'code', 'message', 'caughtBy', 'caughtIn'],
  EscalationThrown: ['es', 'id', 'element', 'code', 'caughtBy', 'caughtIn'],
  SignalThrown: ['st', 'element', 'name', 'isAsync', 'businessKey', 'variables'],
  IncidentCreated: ['nc', 'incident'],
  IncidentResolved: ['nr', 'incident'],
  InstanceCalled: ['il', 'id', 'element', 'called'],
  LoopStarted: ['ls', 'id', 'total', 'items', 'apart'],
  LoopAdvanced: ['la', 'id', 'completed', 'active', 'total', 'skipped'],
  LoopOutputAdded: ['lo', 'id', 'item', 'index', 'value'],
  AdHocChanged: ['ah', 'id', 'waiting', 'closing'],
  DecisionEvaluated: ['de', 'id', 'element', 'decision'],
  InstanceMigrated: ['im', 'from', 'definitionId', 'elements', 'flows', 'together'],
  TokensMoved: ['tm', 'moves'],
};

const TYPE_BY_CODE = new Map(Object.entries(FIELDS).map(([type, [code]]) => [code, type as EventType]));

/** The events of one instance, as compact JSON; large values go to `payloads`. */
export function encodeEvents(events: readonly EngineEvent[], payloads: Payloads): string {
  return toJson((beside) => events.map((event) => encodeEvent(event, beside)), payloads);
}

function encodeEvent(event: EngineEvent, payloads: Payloads | null): unknown[] {
  const [code, ...fields] = namesOf(event.type);
  const encoded: unknown[] = [code];
  for (const field of fields) {
    const value = (event as unknown as Record<string, unknown>)[field];
    if (value === undefined) break;
    const codec = codecOf(event.type, field);
    encoded.push(codec ? codec.encode(value, payloads) : value);
  }
  return encoded;
}

const names = FIELDS as Record<EventType, readonly string[]>;
function namesOf(type: EventType): readonly string[] {
  return names[type];
}

/** The fields that are more than plain JSON. */
const FIELD_CODECS: Readonly<
  Record<string, { encode(value: unknown, payloads: Payloads | null): unknown; decode(value: unknown, missing: MissingPayload[]): unknown }>
> = {
  value: {
    encode: (value, payloads) => encodeValue(value as TypedValue, payloads),
    decode: (value, missing) => decodeValue(value as EncodedValue, missing),
  },
  items: {
    encode: (items, payloads) => encodeItems(items as TypedValue | null, payloads),
    decode: (items, missing) => decodeItems(items as EncodedItems | null, missing),
  },
  variables: {
    encode: (variables, payloads) => encodeVariables(variables as Variables, payloads),
    decode: (variables, missing) => decodeVariables(variables as Record<string, EncodedValue>, missing),
  },
  task: { encode: (value) => encodeTask(value as TaskState), decode: (value) => decodeTask(value as unknown[]) },
  record: {
    encode: (value, payloads) => encodeCompensation(value as CompensationState, payloads),
    decode: (value, missing) => decodeCompensation(value as EncodedCompensation, missing),
  },
  header: { encode: (value) => encodeHeader(value as InstanceHeader), decode: (value) => decodeHeader(value as unknown[]) },
};

/** `old` is a variable's value, except in a task update, where it holds the task's fields. */
function codecOf(type: EventType, field: string) {
  const name = field === 'old' && type !== 'UserTaskUpdated' ? 'value' : field;
  return FIELD_CODECS[name];
}

/** @param instanceId the row's instance; it is not repeated in the payload. */
export function decodeEvents(instanceId: number, payload: string, missing: MissingPayload[]): EngineEvent[] {
  return (JSON.parse(payload) as unknown[][]).map((encoded) => decodeEvent(instanceId, encoded, missing));
}

function decodeEvent(instance: number, [code, ...values]: unknown[], missing: MissingPayload[]): EngineEvent {
  const type = TYPE_BY_CODE.get(code as string);
  if (!type) throw new Error(`Expected a known event code, but got ${String(code)} in instance ${instance}`);
  const event: Record<string, unknown> = { instance, type };
  const [, ...fields] = namesOf(type);
  fields.forEach((field, index) => {
    if (index >= values.length) return;
    const codec = codecOf(type, field);
    event[field] = codec ? codec.decode(values[index], missing) : values[index];
  });
  return event as unknown as EngineEvent;
}

function encodeHeader(header: InstanceHeader): unknown[] {
  const { definitionId, rootId, businessKey, tenant, area, startedAt, startedBy, superId, superElementInstance } = header;
  const encoded: unknown[] = [definitionId, rootId, businessKey, tenant, area, startedAt, startedBy];
  if (superId !== undefined) encoded.push(superId, superElementInstance);
  return encoded;
}

function decodeHeader(encoded: unknown[]): InstanceHeader {
  const [definitionId, rootId, businessKey, tenant, area, startedAt, startedBy, superId, superElementInstance] = encoded as [
    number,
    number,
    string | null,
    string,
    string,
    number,
    string | null,
    number | undefined,
    number | undefined,
  ];
  const header: InstanceHeader = { definitionId, rootId, businessKey, tenant, area, startedAt, startedBy };
  if (superId !== undefined) header.superId = superId;
  if (superElementInstance !== undefined && superElementInstance !== null) header.superElementInstance = superElementInstance;
  return header;
}

/**
 * What stays of an event when its payload is erased: SHA-256 over salt and payload, so that the hash neither breaks
 * with the payload nor reveals it.
 */
export function payloadHash(salt: Uint8Array, payload: string): Uint8Array {
  const text = Buffer.from(payload, 'utf8');
  const salted = Buffer.allocUnsafe(salt.length + text.length);
  salted.set(salt);
  salted.set(text, salt.length);
  return hash('sha256', salted, 'buffer');
}
