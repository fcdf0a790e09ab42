import { definitionsOf } from '#engine/core/behaviors/event-definitions-of.ts';
import { Failure } from '#engine/core/failure.ts';
import type { ProcessModel, StartEvent, TimerDefinition } from '#engine/core/model.ts';
import type { Actor, EvaluationContext } from '#engine/core/ports.ts';
import { isLeaseMine, type AcquiredJob } from '#engine/store/job-store.ts';
import { closeTimerStarts, districtsWithout, openTimerStart, timerStartById, timerStartFailed, timerStartFired, type StoredTimerStart } from '#engine/store/timer-start-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import { start } from './start.ts';

const ENGINE: Actor = { id: null, kind: 'engine' };
const RETRY_AFTER_MS = 60_000;

/** Arms the timer start events of a new version; those of the version before end. */
export function openTimerStarts(context: ServiceContext, writes: Writes, definition: { id: number; tenant: string; model: ProcessModel }, previousId: number | null): void {
  if (previousId !== null) closeTimerStarts(writes, previousId);
  const now = context.store.clock.now();
  const expressions = context.expressionsAt(now);
  for (const { id: element, event } of timerStarts(definition.model)) {
    const due = expressions.timer(event, nothingToRead(definition), now);
    const job = { id: context.store.ids.next(), definitionId: definition.id, tenant: definition.tenant, element, dueAt: due.dueAt, repeat: due.repeat ?? null };
    openTimerStart(writes, job, now);
    writes.afterCommit(() => context.jobDue(due.dueAt));
  }
}

/** Starts the process, a shared one once in each district that has no version of its own, and arms the next run of a cycle. */
export function* fireTimerStart(context: ServiceContext, writes: Writes, job: AcquiredJob): Work<void> {
  const timer = yield* leased(context, job);
  if (!timer) return;
  const { row } = yield* context.definitions.byId(timer.definitionId);
  const tenants = timer.tenant === '' ? yield* districtsWithout(row.key) : [timer.tenant];
  if (!row.isSuspended) {
    for (const tenant of tenants) {
      yield* start(context, writes, { definition: { id: row.id }, tenant, area: tenant, businessKey: null, variables: {}, actor: ENGINE, startElement: timer.element });
    }
  }
  const next = nextRun(context, timer);
  timerStartFired(writes, timer, next);
  if (next) writes.afterCommit(() => context.jobDue(next.dueAt));
}

export function* failTimerStart(context: ServiceContext, writes: Writes, job: AcquiredJob, message: string): Work<void> {
  const timer = yield* leased(context, job);
  if (!timer) return;
  const retries = Math.max(0, timer.retries - 1);
  const availableAt = retries > 0 ? context.store.clock.now() + RETRY_AFTER_MS : null;
  timerStartFailed(writes, timer, { message, retries, availableAt });
  if (availableAt !== null) writes.afterCommit(() => context.jobDue(availableAt));
}

function* leased({ store }: ServiceContext, job: AcquiredJob): Work<StoredTimerStart | null> {
  const timer = yield* timerStartById(job.id);
  return timer && isLeaseMine({ lock_owner: timer.lockOwner, available_at: timer.availableAt }, job, store.nodeId) ? timer : null;
}

function nextRun(context: ServiceContext, { repeat, dueAt }: StoredTimerStart): { dueAt: number; left: number } | null {
  if (!repeat || repeat.left === 0) return null;
  const now = context.store.clock.now();
  return { dueAt: context.expressionsAt(now).nextCycle(repeat.cycle, dueAt, now), left: repeat.left < 0 ? repeat.left : repeat.left - 1 };
}

function timerStarts(model: ProcessModel): { id: string; event: TimerDefinition }[] {
  const [process] = model.elements;
  if (process?.type !== 'bpmn:Process') return [];
  return process.startEvents.flatMap((index) => {
    const { id, event } = model.elements[index] as StartEvent;
    return definitionsOf(event, 'timer').map(({ kind, expression }) => ({ id, event: { kind, expression } }));
  });
}

/** A start timer is armed before there is an instance: its expression may use functions, no variables. */
function nothingToRead({ id, tenant, model }: { id: number; tenant: string; model: ProcessModel }): EvaluationContext {
  return {
    variable(name) {
      throw new Failure('UNKNOWN_VARIABLE', `Expected a timer start event without variables, but it reads ${name}`);
    },
    variableNames: () => [],
    execution: {
      id: '0',
      processInstanceId: '0',
      processBusinessKey: null,
      processDefinitionId: String(id),
      processDefinitionKey: model.key,
      currentActivityId: null,
      currentActivityName: null,
      tenantId: tenant,
      areaPath: tenant,
      startUserId: null,
    },
  };
}
