import type { TimelineEntry } from '../../api/instances.ts';

/** What a person did or has to know; the other kinds are the engine's inner steps. */
const MAIN = new Set([
  'InstanceStarted',
  'InstanceEnded',
  'InstanceSuspended',
  'InstanceActivated',
  'InstanceMigrated',
  'UserTaskCreated',
  'UserTaskUpdated',
  'UserTaskEnded',
  'VariableSet',
  'VariableRemoved',
  'MessageReceived',
  'MessageThrown',
  'ErrorThrown',
  'EscalationThrown',
  'SignalThrown',
  'EventReceived',
  'IncidentCreated',
  'IncidentResolved',
  'DecisionEvaluated',
  'JobFailed',
  'ExternalTaskFailed',
  'InstanceCalled',
]);

export interface FieldChange {
  name: string;
  old: unknown;
  value: unknown;
}

export interface TimelineLine {
  seq: number;
  at: number;
  actor: TimelineEntry['actor'];
  kind: string;
  elementName: string | null;
  changes: FieldChange[];
  /** Facts beside the changes, e.g. an incident's message. */
  note: string | null;
}

/** A typed value of the engine or a bare one. */
function bare(value: unknown): unknown {
  if (value !== null && typeof value === 'object' && 'value' in value && 'type' in value) return (value as { value: unknown }).value;
  return value;
}

function changesOf(entry: TimelineEntry): FieldChange[] {
  const { details } = entry;
  if (entry.kind === 'VariableSet' || entry.kind === 'VariableRemoved') {
    return [{ name: typeof details['name'] === 'string' ? details['name'] : '', old: bare(details['old']), value: bare(details['value']) }];
  }
  const list = details['changes'];
  if (Array.isArray(list))
    return list.map((change: FieldChange) => ({ name: change.name, old: bare(change.old), value: bare(change.value) }));
  return [];
}

/** Their reason is a code (`completed`, `canceled`) that the line's name says already. */
const CODED_REASONS = new Set(['UserTaskEnded', 'ExternalTaskEnded', 'SubscriptionClosed']);

function noteOf(entry: TimelineEntry): string | null {
  const { details } = entry;
  for (const name of ['message', 'reason', 'note', 'error'] as const) {
    if (name === 'reason' && CODED_REASONS.has(entry.kind)) continue;
    const text = details[name];
    if (typeof text === 'string' && text !== '') return text;
  }
  return null;
}

/** `UserTaskUpdated` says little; the operation inside (claim, assign …) says it all. */
function kindOf(entry: TimelineEntry): string {
  const operation = entry.details['operation'];
  if (entry.kind === 'UserTaskUpdated' && typeof operation === 'string') return `UserTaskUpdated-${operation}`;
  const { reason } = entry.details;
  if (entry.kind === 'UserTaskEnded' && reason === 'canceled') return 'UserTaskEnded-canceled';
  return entry.kind;
}

/**
 * Turns the engine's facts into the lines people read, newest first. The variables that one command set are one line,
 * joined to the task that was completed with them.
 */
export function timelineLines(entries: readonly TimelineEntry[], isDetailed: boolean): TimelineLine[] {
  const lines: TimelineLine[] = [];
  for (const entry of [...entries].sort((a, b) => a.seq - b.seq)) {
    if (!isDetailed && !MAIN.has(entry.kind)) continue;
    const changes = changesOf(entry);
    const last = lines.at(-1);
    const isChange = entry.kind === 'VariableSet' || entry.kind === 'VariableRemoved';
    const belongs = last && Math.abs(last.at - entry.at) < 1_000 && last.actor?.id === entry.actor?.id;
    if (isChange && belongs && (last.kind === 'VariableSet' || last.kind === 'UserTaskEnded' || last.kind === 'InstanceStarted')) {
      last.changes.push(...changes);
      continue;
    }
    const line = {
      seq: entry.seq,
      at: entry.at,
      actor: entry.actor,
      kind: kindOf(entry),
      elementName: entry.elementName,
      changes,
      note: isChange ? null : noteOf(entry),
    };
    if (entry.kind === 'UserTaskEnded' && belongs && last.kind === 'VariableSet') {
      line.changes.unshift(...last.changes);
      lines.pop();
    }
    lines.push(line);
  }
  return lines.reverse();
}
