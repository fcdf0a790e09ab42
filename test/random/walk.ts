import type { Random } from '#engine/seed/random.ts';

/** What someone outside does to a running process. `at` = the BPMN id of the element that waits for it. */
export type Stimulus =
  | { do: 'complete'; at: string }
  /** `fail` uses up all retries first, an operator gives new ones, and a worker completes. */
  | { do: 'work'; at: string; outcome: 'complete' | 'fail' }
  | { do: 'throw'; at: string; code: string }
  | { do: 'message'; at: string; name: string }
  | { do: 'signal'; at: string; name: string }
  | { do: 'timer'; at: string; repeats: boolean }
  | { do: 'variable'; at: string; name: string; value: unknown };

/** The known path of a process: what has to be done one after the other, and what in any order. */
export type Walk =
  | { kind: 'step'; stimulus: Stimulus }
  | { kind: 'sequence'; walks: readonly Walk[] }
  | { kind: 'together'; walks: readonly Walk[] }
  /** Tasks that stay open during the walk, and that nobody works on: what comes after takes them up or away. */
  | { kind: 'beside'; open: readonly string[]; walk: Walk }
  /** What happens inside one item of a loop. */
  | { kind: 'item'; index: number; walk: Walk };

export const nothing: Walk = { kind: 'sequence', walks: [] };
export const step = (stimulus: Stimulus): Walk => ({ kind: 'step', stimulus });
export const sequence = (...walks: Walk[]): Walk => ({ kind: 'sequence', walks: walks.filter((walk) => !isDone(walk)) });
export const together = (...walks: Walk[]): Walk => ({ kind: 'together', walks: walks.filter((walk) => !isDone(walk)) });
export const beside = (open: readonly string[], walk: Walk): Walk => (isDone(walk) ? nothing : { kind: 'beside', open, walk });
export const item = (index: number, walk: Walk): Walk => (isDone(walk) ? nothing : { kind: 'item', index, walk });
export const isDone = (walk: Walk): boolean => (walk.kind === 'sequence' || walk.kind === 'together') && walk.walks.length === 0;

export interface Choice {
  stimulus: Stimulus;
  /** In which items of the loops around it, the outermost first. */
  items: readonly number[];
  /** What is left to do after it. */
  rest: Walk;
}

/** All that can be done now. */
export function front(walk: Walk): Choice[] {
  const within = (inside: Walk, change: (choice: Choice) => Partial<Choice>) =>
    front(inside).map((choice) => ({ ...choice, ...change(choice) }));
  switch (walk.kind) {
    case 'step':
      return [{ stimulus: walk.stimulus, items: [], rest: nothing }];
    case 'sequence': {
      const [first, ...later] = walk.walks;
      return first ? within(first, ({ rest }) => ({ rest: sequence(rest, ...later) })) : [];
    }
    case 'beside':
      return within(walk.walk, ({ rest }) => ({ rest: beside(walk.open, rest) }));
    case 'item':
      return within(walk.walk, ({ rest, items }) => ({ rest: item(walk.index, rest), items: [walk.index, ...items] }));
    case 'together':
      return walk.walks.flatMap((part, index) => within(part, ({ rest }) => ({ rest: together(...walk.walks.with(index, rest)) })));
  }
}

/** The tasks, of people and of workers, that are open before the next step, sorted: no more and no less. */
export function openTasks(walk: Walk): string[] {
  return collectOpen(walk).sort();
}

function collectOpen(walk: Walk): string[] {
  if (walk.kind === 'step') return TASK_STIMULI.has(walk.stimulus.do) ? [walk.stimulus.at] : [];
  if (walk.kind === 'beside') return [...walk.open, ...collectOpen(walk.walk)];
  if (walk.kind === 'item') return collectOpen(walk.walk);
  if (walk.kind === 'sequence') return walk.walks[0] ? collectOpen(walk.walks[0]) : [];
  return walk.walks.flatMap(collectOpen);
}
const TASK_STIMULI: ReadonlySet<Stimulus['do']> = new Set(['complete', 'work', 'throw'] as const);

/** How often each activity instance ends: `id` completed, `id!` canceled, `id?` either way. */
export type Visits = ReadonlyMap<string, number>;

export function visits(...ids: string[]): Visits {
  return all(ids.map((id) => new Map([[id, 1]])));
}

export function all(parts: readonly Visits[]): Visits {
  const sum = new Map<string, number>();
  for (const part of parts) for (const [id, count] of part) sum.set(id, (sum.get(id) ?? 0) + count);
  return sum;
}

export function times(count: number, part: Visits): Visits {
  return new Map([...part].map(([id, each]) => [id, each * count]));
}

/** A copy of `list` in any order. */
export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(random.integer(0, rest.length - 1), 1)[0] as T);
}
