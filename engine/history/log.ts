import type { EngineEvent } from '#engine/core/events.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import { invalidInput } from '#engine/errors.ts';
import type { Store } from '#engine/store/open-store.ts';
import type { FilterValue, ListScope } from '#engine/store/read-models/filtered-list.ts';
import { commandsWith, historicInstances, type CommandPlace, type HistoricInstance, type StoredCommand } from '#engine/store/read-models/history-commands.ts';
import { levelOf, shows, type HistoryLevel } from '#engine/store/history-level.ts';

/** One line of a log: what one event says, seen by people. */
export interface LogEntry {
  /** `instance:seq:index`, the place of its event. */
  id: string;
  /** Epoch ms. */
  at: number;
  instance: HistoricInstance;
  /** BPMN id; null = it concerns the instance as a whole. */
  element: string | null;
}

/** What a log reads while it goes through the events of one instance. */
export interface LogPlace {
  instance: HistoricInstance;
  model: ProcessModel;
  command: StoredCommand;
  /** The event's place in its command. */
  index: number;
}

/** One of Camunda's logs as a reading of the event log: nothing is stored for it. */
export interface Log<E extends LogEntry> {
  /** Codes of the events that it needs (`event-codec.ts`); none = all. */
  codes: readonly string[];
  level: HistoryLevel;
  /** A new reader for each instance: it remembers what earlier events told, e.g. what a job is for. */
  reader(): (event: EngineEvent, place: LogPlace) => readonly E[];
}

export interface LogQuery<E> {
  scope: ListScope;
  /** Words of `INSTANCE_FILTERS`. */
  instances: Readonly<Record<string, FilterValue>>;
  keeps(entry: E): boolean;
  /** Stops when there are so many; null = all are needed, for a count or a sorted list. */
  enough: number | null;
}

export interface LogContext {
  store: Pick<Store, 'query'>;
  modelOf(definitionId: number): Promise<ProcessModel> | ProcessModel;
  historyLevel: HistoryLevel;
}

const INSTANCES_PER_PAGE = 200;
const COMMANDS_PER_PAGE = 1_000;
/** What one request may look at, unless it names its instance. */
const MOST_INSTANCES = 20_000;
const MOST_ENTRIES = 100_000;

/** Instances of a query, the newest first, page by page. @throws RequestError 400 when there are too many of them to be looked at */
export async function* instancePages(
  store: LogContext['store'],
  { scope, instances }: Pick<LogQuery<unknown>, 'scope' | 'instances'>,
  size = INSTANCES_PER_PAGE,
): AsyncGenerator<HistoricInstance[]> {
  let before = Number.MAX_SAFE_INTEGER;
  for (let looked = 0; looked < MOST_INSTANCES; looked += size) {
    const page = await store.query(historicInstances({ scope, filter: instances, before, limit: size }));
    const last = page.at(-1);
    if (last) yield page;
    if (!last || page.length < size) return;
    before = last.id;
  }
  throw tooWide();
}

/** The newest instance first, in each in the order of events. @throws RequestError 400 when it would have to look at too much */
export async function readLog<E extends LogEntry>(context: LogContext, log: Log<E>, query: LogQuery<E>): Promise<E[]> {
  const found: E[] = [];
  for await (const page of instancePages(context.store, query)) {
    await readInstances(context, log, query, page, found);
    if (isEnough(query, found)) break;
  }
  return found;
}

/** The same of these instances. */
export async function readInstances<E extends LogEntry>(context: LogContext, log: Log<E>, query: Pick<LogQuery<E>, 'keeps' | 'enough'>, page: readonly HistoricInstance[], found: E[]): Promise<void> {
  const shown = new Map<number, { instance: HistoricInstance; model: ProcessModel }>();
  for (const instance of page) {
    const model = await context.modelOf(instance.definitionId);
    if (shows(levelOf(model, context.historyLevel), log.level)) shown.set(instance.id, { instance, model });
  }
  if (shown.size === 0) return;
  const after: CommandPlace = { instance: Number.MAX_SAFE_INTEGER, seq: 0 };
  // Which model the elements are of.
  const codes = log.codes.length > 0 ? [...log.codes, 'is', 'im'] : [];
  let reader = log.reader();
  for (;;) {
    const commands: StoredCommand[] = await context.store.query(commandsWith([...shown.keys()], codes, after, COMMANDS_PER_PAGE));
    for (const command of commands) {
      if (command.instance !== after.instance) {
        if (isEnough(query, found)) return;
        reader = log.reader();
      }
      after.instance = command.instance;
      after.seq = command.seq;
      const of = shown.get(command.instance);
      if (!of) continue;
      for (const [index, event] of command.events.entries()) {
        // Its events speak of the elements of the definition that it had then.
        if (event.type === 'InstanceStarted') of.model = await context.modelOf(event.header.definitionId);
        else if (event.type === 'InstanceMigrated') of.model = await context.modelOf(event.definitionId);
        for (const entry of reader(event, { ...of, command, index })) if (query.keeps(entry)) found.push(entry);
      }
      if (found.length > MOST_ENTRIES) throw tooWide();
    }
    if (commands.length < COMMANDS_PER_PAGE || isEnough(query, found)) return;
  }
}

const isEnough = ({ enough }: { enough: number | null }, found: readonly unknown[]): boolean => enough !== null && found.length >= enough;

export const tooWide = () =>
  invalidInput(
    'HISTORY_TOO_WIDE',
    `Expected a query of the history that concerns at most ${MOST_INSTANCES} instances and ${MOST_ENTRIES} entries, but it concerns more: name a process instance or a process definition`,
    { problem: 'processInstanceId' },
  );

export function entryBase({ instance, model, command, index }: LogPlace, element: number | null): LogEntry {
  return {
    id: `${instance.id}:${command.seq}:${index}`,
    at: command.at,
    instance,
    element: element === null ? null : (model.elements[element]?.id ?? null),
  };
}

/** The instance and the place behind an entry's id; null for a text that is no such id. */
export function placeOf(id: string): { instance: number; seq: number; index: number } | null {
  const match = /^([1-9]\d{0,15}):([1-9]\d{0,9}):(\d{1,9})(?::\w+)?$/.exec(id);
  return match ? { instance: Number(match[1]), seq: Number(match[2]), index: Number(match[3]) } : null;
}

/** Where elements are after a migration (indexes); those that a reader remembers move with it. */
export function moveRemembered(event: EngineEvent, remembered: Iterable<{ element: number }>): void {
  if (event.type !== 'InstanceMigrated') return;
  const moved = new Map(event.elements);
  for (const each of remembered) each.element = moved.get(each.element) ?? each.element;
}
