import fc from 'fast-check';
import type { ProcessModel } from '#engine/core/model.ts';
import {
  adHoc,
  allOf,
  anyOf,
  aProcess,
  boundary,
  callActivity,
  cancel,
  catchEvent,
  compensation,
  complex,
  condition,
  cycle,
  duration,
  end,
  error,
  escalation,
  eventBased,
  eventSubProcess,
  exclusive,
  expr,
  externalTask,
  inclusive,
  linkCatch,
  linkThrow,
  mapping,
  message,
  parallel,
  receiveTask,
  signal,
  type Spec,
  type Specs,
  start,
  subProcess,
  task,
  throwEvent,
  transaction,
  undoneBy,
  userTask,
} from './process-builder.ts';

/** A piece of a process with one way in and one way out; whatever happens inside, a token comes out in the end. */
export type Block =
  | { kind: 'step'; step: Step; asyncBefore: boolean; asyncAfter: boolean }
  | { kind: 'sequence'; blocks: Block[] }
  | { kind: 'choice'; blocks: Block[] }
  | { kind: 'fork'; blocks: Block[] }
  | { kind: 'race'; blocks: Block[] }
  | { kind: 'some'; blocks: Block[] }
  | { kind: 'first'; blocks: Block[]; enough: number }
  | { kind: 'jump'; inside: Block }
  | { kind: 'scope'; inside: Block; edge: Edge; handler: Block; aside: 'none' | 'interrupting' | 'beside' }
  | { kind: 'undo'; inside: Block; by: Undo; waits: boolean; items: number; sorry: boolean }
  | { kind: 'call'; inside: Block; fails: boolean }
  | { kind: 'repeat'; sequential: boolean; times: number; isAsync: boolean; collects: boolean; inside: Block | null }
  | { kind: 'loop'; testBefore: boolean; times: number; inside: Block | null }
  | { kind: 'free'; sequential: boolean; blocks: Block[]; enough: boolean; cancels: boolean };
type Undo = 'throw' | 'end' | 'cancel' | 'outside';
type Step = (typeof STEPS)[number];
const STEPS = [
  'task',
  'user',
  'external',
  'timer',
  'receive',
  'failing',
  'signal',
  'broadcast',
  'condition',
  'change',
  'escalating',
  'either',
  'both',
  'several',
] as const;
type Edge = (typeof EDGES)[number];
const EDGES = ['none', 'timer', 'message', 'beside', 'cycle', 'signal', 'condition', 'escalation', 'heard', 'either', 'both'] as const;

export const arbitraryBlock: fc.Arbitrary<Block> = fc.letrec<{ block: Block }>((tie) => {
  const block = tie('block');
  const step = fc.record({
    kind: fc.constant('step' as const),
    step: fc.constantFrom(...STEPS),
    asyncBefore: fc.boolean(),
    asyncAfter: fc.boolean(),
  });
  const several = fc.array(block, { minLength: 2, maxLength: 3 });
  return {
    block: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      step,
      fc.record({ kind: fc.constant('sequence' as const), blocks: several }),
      fc.record({ kind: fc.constant('choice' as const), blocks: several }),
      fc.record({ kind: fc.constant('fork' as const), blocks: several }),
      fc.record({ kind: fc.constant('race' as const), blocks: several }),
      fc.record({ kind: fc.constant('some' as const), blocks: several }),
      fc.record({ kind: fc.constant('first' as const), blocks: several, enough: fc.integer({ min: 1, max: 2 }) }),
      fc.record({ kind: fc.constant('jump' as const), inside: block }),
      fc.record({
        kind: fc.constant('scope' as const),
        inside: block,
        edge: fc.constantFrom(...EDGES),
        handler: block,
        aside: fc.constantFrom('none' as const, 'interrupting' as const, 'beside' as const),
      }),
      fc.record({
        kind: fc.constant('undo' as const),
        inside: block,
        by: fc.constantFrom<Undo>('throw', 'end', 'cancel', 'outside'),
        waits: fc.boolean(),
        items: fc.nat(2),
        sorry: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('call' as const), inside: block, fails: fc.boolean() }),
      fc.record({
        kind: fc.constant('repeat' as const),
        sequential: fc.boolean(),
        times: fc.nat(3),
        isAsync: fc.boolean(),
        collects: fc.boolean(),
        inside: fc.option(block),
      }),
      fc.record({ kind: fc.constant('loop' as const), testBefore: fc.boolean(), times: fc.nat(3), inside: fc.option(block) }),
      fc.record({
        kind: fc.constant('free' as const),
        sequential: fc.boolean(),
        blocks: several,
        enough: fc.boolean(),
        cancels: fc.boolean(),
      }),
    ),
  };
}).block;

const EDGE_EVENTS = {
  timer: duration('PT1H'),
  message: message('edge'),
  beside: message('edge'),
  cycle: cycle('R3/PT1M'),
  signal: signal('alarm'),
  condition: condition('${pick > 5}'),
  escalation: escalation('L-1'),
  heard: escalation(),
  either: anyOf(message('edge'), signal('alarm'), escalation('L-1')),
  both: allOf(message('edge'), signal('alarm')),
} as const;
/** Edges that do not interrupt. */
const STAYS: ReadonlySet<Edge> = new Set(['beside', 'cycle', 'condition', 'heard', 'both']);

type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;

/** One scope while it is being built; `models` and `lastId` are those of the whole. */
interface Draft {
  specs: Specs;
  flows: string[];
  whole: { models: ProcessModel[]; lastId: number };
}

/** The process of a block (first) with the processes it calls; choices look at the variable `pick`. */
export function processesOf(block: Block): ProcessModel[] {
  const whole: Draft['whole'] = { models: [], lastId: 0 };
  const main = process(whole, 'main', block, end());
  return [main, ...whole.models];
}

function process(whole: Draft['whole'], key: string, block: Block, last: Spec): ProcessModel {
  const draft = scope(whole, block, last);
  return aProcess(key, { ...draft.specs, ...asideSpecs(draft, false) }, draft.flows);
}

function scope(whole: Draft['whole'], block: Block, last: Spec = end()): Draft {
  const draft: Draft = { specs: {}, flows: [], whole };
  const from = add(draft, 'start', start());
  const to = add(draft, 'end', last);
  connect(draft, build(draft, block, from), to);
  return draft;
}

function add(draft: Draft, name: string, spec: Spec): string {
  const id = `${name}${++draft.whole.lastId}`;
  draft.specs[id] = spec;
  return id;
}

function connect(draft: Draft, from: string, to: string, rest = ''): void {
  draft.flows.push(`${from} -> ${to}${rest}`);
}

function addAfter(draft: Draft, from: string, name: string, spec: Spec): string {
  const id = add(draft, name, spec);
  connect(draft, from, id);
  return id;
}

/** The way through the host and the way from its boundary event lead to one merge. */
function withEdge(draft: Draft, host: string, event: Spec, handler: Block | null): string {
  const edge = add(draft, 'edge', event);
  const merge = addAfter(draft, host, 'merge', exclusive());
  connect(draft, handler ? build(draft, handler, edge) : edge, merge);
  return merge;
}

/** Adds the block behind `from` and returns the id that its token comes out of. */
function build(draft: Draft, block: Block, from: string): string {
  return (builders[block.kind] as (draft: Draft, block: Block, from: string) => string)(draft, block, from);
}

const builders: { [K in Block['kind']]: (draft: Draft, block: BlockOf<K>, from: string) => string } = {
  step(draft, block, from) {
    const id = addAfter(draft, from, block.step, stepSpec(block));
    return block.step === 'failing' ? withEdge(draft, id, boundary(id, error()), null) : id;
  },
  sequence: (draft, { blocks }, from) => blocks.reduce((at, next) => build(draft, next, at), from),
  fork(draft, { blocks }, from) {
    const fork = addAfter(draft, from, 'fork', parallel());
    const join = add(draft, 'join', parallel());
    for (const branch of blocks) connect(draft, build(draft, branch, fork), join);
    return join;
  },
  choice: (draft, { blocks }, from) =>
    branches(draft, addAfter(draft, from, 'choice', exclusive()), blocks, (at, isLast) => ({
      entry: task(),
      rest: isLast ? ' default' : ` if \${pick == ${at}}`,
    })),
  race: (draft, { blocks }, from) =>
    branches(draft, addAfter(draft, from, 'race', eventBased()), blocks, (_, isLast) => ({
      entry: catchEvent(isLast ? duration('PT1H') : message('m')),
      rest: '',
    })),
  some(draft, { blocks }, from) {
    const fork = addAfter(draft, from, 'fork', inclusive());
    const join = add(draft, 'join', inclusive());
    blocks.forEach((block, at) => {
      const entry = add(draft, 'entry', task());
      connect(draft, fork, entry, at === blocks.length - 1 ? ' default' : ` if \${pick > ${at}}`);
      connect(draft, build(draft, block, entry), join);
    });
    return join;
  },
  first(draft, { blocks, enough }, from) {
    const fork = addAfter(draft, from, 'fork', parallel());
    const join = add(draft, 'join', complex(`\${activationCount >= ${enough}}`));
    for (const branch of blocks) connect(draft, build(draft, branch, fork), join);
    return join;
  },
  jump(draft, { inside }, from) {
    const name = `link${++draft.whole.lastId}`;
    addAfter(draft, build(draft, inside, from), 'out', linkThrow(name));
    return add(draft, 'in', linkCatch(name));
  },
  repeat(draft, { sequential, times, isAsync, collects, inside }, from) {
    const multiInstance = {
      sequential,
      cardinality: expr(`\${${times}}`),
      ...(isAsync && { asyncBefore: true, asyncAfter: true }),
      ...(collects && { output: { collection: 'collected', element: expr('loopCounter') } }),
    };
    if (!inside) return addAfter(draft, from, 'items', userTask({ multiInstance }));
    const { specs, flows } = scope(draft.whole, inside);
    return addAfter(draft, from, 'runs', subProcess(specs, flows, { multiInstance }));
  },
  loop(draft, { testBefore, times, inside }, from) {
    const standardLoop = { testBefore, condition: expr(`\${loopCounter < ${times}}`) };
    if (!inside) return addAfter(draft, from, 'turns', userTask({ standardLoop }));
    const { specs, flows } = scope(draft.whole, inside);
    return addAfter(draft, from, 'turns', subProcess(specs, flows, { standardLoop }));
  },
  free(draft, { sequential, blocks, enough, cancels }, from) {
    const within: Draft = { specs: {}, flows: [], whole: draft.whole };
    const entries = blocks.map((block) => {
      const entry = add(within, 'entry', task());
      build(within, block, entry);
      return entry;
    });
    const fields = {
      sequential,
      cancelRemaining: cancels,
      activeElements: expr(entries.join(', ')),
      // True after the first activity.
      ...(enough && { completionCondition: expr('${true}') }),
    };
    return addAfter(draft, from, 'free', adHoc(within.specs, within.flows, fields));
  },
  undo(draft, { inside, by, waits, items, sorry }, from) {
    const within: Draft = { specs: {}, flows: [], whole: draft.whole };
    const made = addUndoable(within, add(within, 'start', start()), items);
    const part = scope(draft.whole, inside);
    const beside = add(part, 'beside', task());
    connect(part, Object.keys(part.specs)[0] as string, beside);
    connect(part, addUndoable(part, beside, items), add(part, 'end', end()));
    const excuse = `sorry${++draft.whole.lastId}`;
    if (sorry) {
      const specs = { [excuse]: start(compensation()), [`${excuse}again`]: throwEvent(compensation()), [`${excuse}note`]: userTask() };
      part.specs[`${excuse}sub`] = eventSubProcess(specs, [`${excuse} -> ${excuse}again -> ${excuse}note`]);
    }
    let at = addAfter(within, made, 'part', subProcess(part.specs, part.flows));
    if (by === 'throw') at = addAfter(within, at, 'undo', throwEvent(compensation(undefined, waits)));
    connect(within, at, add(within, 'end', end(by === 'end' ? compensation(undefined, waits) : by === 'cancel' ? cancel : undefined)));
    const id = addAfter(draft, from, 'deal', (by === 'cancel' ? transaction : subProcess)(within.specs, within.flows));
    if (by === 'cancel') return withEdge(draft, id, boundary(id, cancel), null);
    return by === 'outside' ? addAfter(draft, id, 'undo', throwEvent(compensation(id, waits))) : id;
  },
  call(draft, { inside, fails }, from) {
    const key = `called${++draft.whole.lastId}`;
    draft.whole.models.push(process(draft.whole, key, inside, fails ? end(error('E-1')) : end()));
    const id = addAfter(draft, from, 'call', callActivity(key, { in: [{ kind: 'all', local: false }] }));
    return withEdge(draft, id, boundary(id, error('E-1')), null);
  },
  scope(draft, { inside, aside, edge, handler }, from) {
    const { specs, flows } = scope(draft.whole, inside);
    if (aside !== 'none') Object.assign(specs, asideSpecs(draft, aside === 'interrupting'));
    const id = addAfter(draft, from, 'scope', subProcess(specs, flows));
    if (edge === 'none') return id;
    const event = EDGE_EVENTS[edge];
    if (!STAYS.has(edge)) return withEdge(draft, id, boundary(id, event), handler);
    const beside = add(draft, 'edge', boundary(id, event, false));
    connect(draft, build(draft, handler, beside), add(draft, 'aside', end()));
    return id;
  },
};

/** A user task, multi-instance when there are items, with a handler that is one too. */
function addUndoable(draft: Draft, from: string, items: number): string {
  const multiInstance = { sequential: items === 1, cardinality: expr(`\${${items}}`) };
  const id = addAfter(draft, from, 'made', userTask(items > 0 ? { multiInstance } : {}));
  add(draft, 'on', undoneBy(id, add(draft, 'unmade', userTask())));
  return id;
}

function branches(
  draft: Draft,
  gateway: string,
  blocks: Block[],
  branch: (at: number, isLast: boolean) => { entry: Spec; rest: string },
): string {
  const merge = add(draft, 'merge', exclusive());
  blocks.forEach((block, at) => {
    const { entry, rest } = branch(at, at === blocks.length - 1);
    const id = add(draft, 'entry', entry);
    connect(draft, gateway, id, rest);
    connect(draft, build(draft, block, id), merge);
  });
  return merge;
}

function asideSpecs({ whole }: Draft, interrupting: boolean): Specs {
  const on = `on${++whole.lastId}`;
  const work = `aside${whole.lastId}`;
  return { [`sub${on}`]: eventSubProcess({ [on]: start(message('aside'), { interrupting }), [work]: userTask() }, [`${on} -> ${work}`]) };
}

function stepSpec({ step, asyncBefore, asyncAfter }: BlockOf<'step'>): Spec {
  const fields = { asyncBefore, asyncAfter };
  if (step === 'user') return userTask(fields);
  if (step === 'external' || step === 'failing') return externalTask('topic', fields);
  if (step === 'timer') return catchEvent(duration('PT1M'), fields);
  if (step === 'receive') return receiveTask('message', fields);
  if (step === 'signal') return catchEvent(signal('alarm'), fields);
  if (step === 'broadcast') return throwEvent(signal('alarm'), fields);
  if (step === 'condition') return catchEvent(condition('${pick > 5}'), fields);
  if (step === 'change') return task({ ...fields, outputs: [mapping('pick', '${pick}')] });
  if (step === 'escalating') return throwEvent(escalation('L-1'), fields);
  if (step === 'either') return catchEvent(anyOf(message('m'), signal('alarm'), duration('PT1H')), fields);
  if (step === 'both') return catchEvent(allOf(message('m'), signal('alarm'), duration('PT1H')), fields);
  if (step === 'several') return throwEvent(anyOf(message('m'), signal('alarm'), escalation('L-1')), fields);
  return task(fields);
}
