import type { EngineEvent } from '#engine/core/events.ts';
import { Failure, NotLoaded } from '#engine/core/failure.ts';
import type { Actor, Ports, RootState } from '#engine/core/ports.ts';
import { invalidInput, RequestError } from '#engine/errors.ts';
import type { LoadedRoot } from '#engine/store/instance-store.ts';
import { loadRest, recordEvents } from '#engine/store/instance-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import { announce } from './announce.ts';
import type { ServiceContext } from './context.ts';
import { checkCallTree, checkStateSize } from './instance-limits.ts';
import { publishSignals } from './publish-signals.ts';

/** A core command with its input bound: decides on `root`, which it changes, and returns the events. */
export type BoundCommand<R> = (root: RootState, ports: Ports, actor: Actor) => { events: EngineEvent[]; result: R };

export interface CommandRun<R> {
  /** Reads the instances the command works on; null for a command that creates its instance. */
  load: (() => Work<LoadedRoot>) | null;
  command: BoundCommand<R>;
  actor: Actor;
  /** For history: `start`, `complete`, `claim` … */
  operation: string;
  /** Of the signal that the command handles: those that it throws are one further. */
  signalHops?: number;
  /** Steps that led here without a wait state, as of the job whose message this command handles. */
  stepsBefore?: number;
}

/** Most definitions one command can ask for before we call it a loop. */
const MAX_LOADS = 50;

/**
 * Load, decide, record: the one way in which process state changes. A definition that is not in memory, or the other items of
 * a large loop, are loaded and the command runs again on fresh state, so core stays synchronous.
 */
export function* runCommand<R>(context: ServiceContext, writes: Writes, run: CommandRun<R>): Work<{ result: R; events: EngineEvent[]; root: RootState }> {
  const { loaded, root, now, events, result } = yield* decide(context, run);
  const size = recordEvents(writes, {
    loaded,
    after: root,
    events,
    at: now,
    actor: run.actor,
    operation: run.operation,
    modelOf: context.definitions.model,
    historyLevel: context.historyLevel,
  });
  try {
    checkStateSize(context, size, events);
    yield* checkCallTree(root, events);
  } catch (error) {
    throw asRequestError(error);
  }
  publishSignals(context, writes, { events, root, now, hops: (run.signalHops ?? -1) + 1 });
  announce(context, writes, events, root);
  return { result, events, root };
}

export interface Decision<R> {
  loaded: LoadedRoot | null;
  /** As it is after the command. */
  root: RootState;
  /** The command's time, epoch ms. */
  now: number;
  events: EngineEvent[];
  result: R;
}

/** Load and decide without recording: what the command would do. */
export function* decide<R>(context: ServiceContext, run: Pick<CommandRun<R>, 'load' | 'command' | 'actor' | 'stepsBefore'>): Work<Decision<R>> {
  let isWhole = false;
  for (let loads = 0; loads < MAX_LOADS; loads++) {
    const loaded = run.load ? yield* run.load() : null;
    if (loaded && isWhole) yield* loadRest(loaded);
    if (loaded) {
      const definitions = definitionsOf(loaded);
      yield* context.definitions.ensureLoaded(definitions);
      yield* context.settings.ensure(definitions);
    }
    const root: RootState = { instances: new Map() };
    for (const [id, instance] of loaded?.instances ?? []) root.instances.set(id, instance.state);
    const now = context.store.clock.now();
    let outcome: { events: EngineEvent[]; result: R };
    try {
      outcome = run.command(root, portsAt(context, now, run.stepsBefore), run.actor);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw asRequestError(error);
      if (error.what.kind === 'parts') isWhole = true;
      else if (error.what.kind === 'decision') yield* context.decisions.load(error.what);
      else yield* context.definitions.load(error.what);
      continue;
    }
    return { loaded, root, now, ...outcome };
  }
  throw invalidInput('TOO_MANY_DEFINITIONS', `Expected one command to need at most ${MAX_LOADS} definitions, but it asked for more`);
}

function definitionsOf(loaded: LoadedRoot): number[] {
  const ids: number[] = [];
  for (const { state } of loaded.instances.values()) ids.push(state.definitionId);
  return ids;
}

function portsAt(context: ServiceContext, now: number, stepsBefore = 0): Ports {
  const { definitions, decisions, settings, store } = context;
  const expressions = context.expressionsAt(now);
  return {
    now,
    stepsBefore,
    nextId: store.ids.next,
    evaluate: expressions.evaluate,
    timer: expressions.timer,
    nextCycle: expressions.nextCycle,
    dueDate: expressions.dueDate,
    decide: (ref, evaluation) => decisions.decide(ref, evaluation, expressions),
    model: definitions.model,
    definition: definitions.find,
    jobSetting: settings.job,
  };
}

const FAILURE_STATUS: Record<string, number> = { TASK_NOT_FOUND: 404, INSTANCE_NOT_FOUND: 404, EXTERNAL_TASK_NOT_FOUND: 404, JOB_NOT_FOUND: 404, SUBSCRIPTION_NOT_FOUND: 404, AD_HOC_NOT_FOUND: 404, MODIFICATION_INVALID: 400, MIGRATION_REFUSED: 400, MIGRATION_PLAN_INVALID: 400, JOB_NOT_A_TIMER: 400, DEFINITION_SUSPENDED: 409, ELEMENT_INSTANCE_NOT_FOUND: 404, AD_HOC_ELEMENT_INVALID: 400, AD_HOC_BUSY: 409, AD_HOC_CLOSING: 409, TASK_ALREADY_CLAIMED: 409, INSTANCE_SUSPENDED: 409 };

/** In a synchronous step a failure fails the command, as in Camunda 7: nothing changes and the caller learns why. */
function asRequestError(error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const details = error.elementId ? { elementId: error.elementId } : undefined;
  return new RequestError(FAILURE_STATUS[error.code] ?? 500, error.code, error.message, details, { cause: error });
}
