import assert from 'node:assert/strict';
import { createRandom } from '#engine/seed/random.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, type Scenario } from '#test/support/core-scenario.ts';
import {
  adHoc,
  aProcess,
  boundary,
  callActivity,
  cancel,
  catchEvent,
  compensation,
  duration,
  end,
  eventBased,
  eventSubProcess,
  exclusive,
  externalTask,
  inclusive,
  message,
  parallel,
  start,
  subProcess,
  terminate,
  throwEvent,
  transaction,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import { completeExternalTask } from '../commands/complete-external-task.ts';
import { modifyInstance } from '../commands/modify-instance.ts';
import { Failure } from '../failure.ts';
import type { ModificationInstruction } from './instructions.ts';

const loop = (sequential: boolean) => ({ multiInstance: { sequential, cardinality: { language: 'literal' as const, value: '3' } } });
const model = aProcess(
  'all',
  {
    s: start(),
    fork: inclusive(),
    sub: subProcess(
      {
        subStart: start(),
        inner: userTask({ asyncBefore: true }),
        innerLate: boundary('inner', duration('PT1M'), false),
        deep: subProcess({ deepStart: start(), deepTask: userTask(), deepEnd: end() }, ['deepStart -> deepTask -> deepEnd'], loop(false)),
        subEnd: end(),
        onMessage: eventSubProcess({ msgStart: start(message('m')), msgTask: userTask() }, ['msgStart -> msgTask']),
        beside: eventSubProcess({ sideStart: start(message('n'), { interrupting: false }), sideTask: userTask() }, [
          'sideStart -> sideTask',
        ]),
      },
      ['subStart -> inner -> deep -> subEnd', 'innerLate -> subEnd'],
    ),
    subLate: boundary('sub', duration('PT5M')),
    each: userTask(loop(false)),
    turn: userTask({ ...loop(true), asyncAfter: true }),
    split: parallel(),
    left: userTask(),
    right: externalTask('topic'),
    join: parallel(),
    race: eventBased(),
    byMessage: catchEvent(message('k')),
    byTimer: catchEvent(duration('PT1M')),
    meet: inclusive(),
    call: callActivity('called'),
    box: adHoc({ one: userTask(), two: userTask() }),
    tx: transaction(
      {
        txStart: start(),
        txTask: userTask(),
        txEdge: undoneBy('txTask', 'txUndo'),
        txUndo: userTask(),
        choose: exclusive(),
        txCancel: end(cancel),
        txEnd: end(),
      },
      ['txStart -> txTask -> choose', 'choose -> txCancel if ${stop == true}', 'choose -> txEnd default'],
    ),
    txCanceled: boundary('tx', cancel),
    undo: throwEvent(compensation()),
    done: userTask(),
    doneEdge: undoneBy('done', 'redo'),
    redo: userTask(),
    over: end(terminate),
  },
  [
    's -> fork -> sub -> meet',
    'fork -> each -> turn -> meet',
    'fork -> split -> left -> join -> meet',
    'split -> right -> join',
    'fork -> race -> byMessage -> meet',
    'race -> byTimer -> meet',
    'meet -> call -> done -> tx -> undo -> box -> over',
    'txCanceled -> box',
    'subLate -> meet',
  ],
);
const called = aProcess('called', { cs: start(), ct: userTask(), ce: end() }, ['cs -> ct -> ce']);
const RUNS = 150;
const STEPS = 25;

describe('random modifications', () => {
  it(`leave a state that its events give, without orphans, and an instance that can be ended (${RUNS} runs)`, () => {
    const counts = { done: 0, refused: 0 };
    for (let seed = 1; seed <= RUNS; seed++) {
      try {
        run(seed, counts);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(counts.done > RUNS * 3, JSON.stringify(counts));
    assert.ok(counts.refused > RUNS, JSON.stringify(counts));
  }).timeout(60_000);
});

function run(seed: number, counts: { done: number; refused: number }): void {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[random.integer(0, list.length - 1)];
  const s = scenario(corePorts([model, called]));
  s.start({ stop: random.integer(0, 1) === 1 });
  for (let step = 0; step < STEPS; step++) {
    const before = new Map([...s.root.instances].map(([id, state]) => [id, structuredClone(state)]));
    try {
      if (random.integer(0, 2) > 0) act(s, pick);
      else {
        const instructions = Array.from({ length: random.integer(1, 3) }, () => instruction(s, pick, random));
        s.perform(modifyInstance, { instanceId: currentId(s), instructions });
        counts.done++;
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      assert.ok(['MODIFICATION_INVALID', 'INSTANCE_NOT_FOUND'].includes(error.code), `${error.code}: ${error.message}`);
      counts.refused++;
      s.root.instances.clear();
      for (const [id, state] of before) s.root.instances.set(id, state);
    }
    checkLoops(s);
    if (s.states()[0]?.status === 'ended') return;
  }
  s.perform(modifyInstance, { instanceId: currentId(s), instructions: [{ type: 'cancel', instance: currentId(s) }] });
  assert.deepEqual([...new Set(s.status())], ['ended']);
}

/** The counters of each loop are those of its runs. */
function checkLoops(s: Scenario): void {
  for (const state of s.states()) {
    for (const { id, loop: counters } of state.elements) {
      if (!counters) continue;
      const { active, completed, skipped = 0, total } = counters;
      assert.equal(state.elements.filter(({ scope }) => scope === id).length, active, `active runs of ${id}`);
      if (total !== null) assert.ok(active + completed + skipped <= total, JSON.stringify(counters));
    }
  }
}

const currentId = (s: Scenario) => s.states()[0]?.id ?? 0;

type Pick = <T>(list: readonly T[]) => T | undefined;

/** What somebody outside may do: complete a task, deliver a message, run a job. */
function act(s: Scenario, pick: Pick): void {
  const tasks = s.states().flatMap((state) =>
    state.elements
      .filter(({ task }) => task)
      .map(
        ({ id }) =>
          () =>
            s.completeById(id),
      ),
  );
  const work = s.states().flatMap((state) =>
    state.elements
      .filter(({ externalTask: open }) => open)
      .map(
        ({ id }) =>
          () =>
            s.perform(completeExternalTask, { taskId: id, workerId: 'w' }),
      ),
  );
  const jobs = s.states().flatMap((state) =>
    state.jobs.map(
      ({ id }) =>
        () =>
          s.dueById(id),
    ),
  );
  pick([...tasks, ...work, ...jobs])?.();
}

function instruction(s: Scenario, pick: Pick, random: ReturnType<typeof createRandom>): ModificationInstruction {
  const ids = model.elements.slice(1).map(({ id }) => id);
  const state = s.states()[0]!;
  const body = random.integer(0, 3) === 0 ? '#multiInstanceBody' : '';
  switch (random.integer(0, 5)) {
    case 0:
      return { type: 'cancel', activity: `${pick(ids)}` };
    case 1:
      return { type: 'cancel', instance: pick(state.elements.slice(1))?.id ?? 0 };
    case 2:
      return { type: 'startAfter', target: `${pick(ids)}` };
    case 3:
      return { type: 'startTransition', target: `${pick(model.flows)?.id}` };
    case 4:
      return { type: 'startBefore', target: `${pick(ids)}`, ancestor: pick(state.elements)?.id ?? 0 };
    default:
      return { type: 'startBefore', target: `${pick(['each', 'turn', 'deep', `${pick(ids)}`])}${body}` };
  }
}
