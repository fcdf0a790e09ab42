import assert from 'node:assert/strict';
import { completeTask } from '#engine/core/commands/complete-task.ts';
import type { ElementInstance } from '#engine/core/state.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  adHoc,
  aProcess,
  callActivity,
  compensation,
  expr,
  parallel,
  start,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';

describe('compensating a multi-instance activity', () => {
  const model = aProcess(
    'rooms',
    {
      start: start(),
      fork: parallel(),
      book: userTask({ multiInstance: { sequential: false, collection: expr('rooms'), elementVariable: 'room' } }),
      on: undoneBy('book', 'unbook'),
      unbook: userTask(),
      booked: userTask(),
      decide: userTask(),
      undo: throwEvent(compensation('book')),
      rest: userTask(),
    },
    ['start -> fork', 'fork -> book -> booked', 'fork -> decide -> undo -> rest'],
  );
  const running = () => {
    const world = scenario(corePorts([model]));
    world.start({ rooms: ['101', '102', '103'] });
    return world;
  };
  const book = (world: ReturnType<typeof running>, count: number) => {
    for (const { id } of world.instancesOf('book', ({ task }) => task !== undefined).slice(0, count))
      world.perform(completeTask, { taskId: id });
  };

  it('runs the handler once for each item, which it knows', () => {
    const world = running();
    book(world, 3);
    world.complete('decide');
    assert.deepEqual(
      world.instancesOf('unbook').map((instance) => [local(instance, 'room'), local(instance, 'loopCounter')]),
      [
        ['103', 2],
        ['102', 1],
        ['101', 0],
      ],
    );
    for (const { id } of world.instancesOf('unbook')) world.perform(completeTask, { taskId: id });
    assert.deepEqual(world.active(), ['booked', 'rest']);
  });

  it('does so only after the last item', () => {
    const world = running();
    book(world, 2);
    world.complete('decide');
    assert.deepEqual(world.active(), ['book', 'book', 'rest']);
  });
});

describe('compensating a standard loop', () => {
  it('undoes its runs one after the other, the last one first', () => {
    const model = aProcess(
      'laps',
      {
        start: start(),
        run: userTask({ standardLoop: { testBefore: false, maximum: 2 } }),
        on: undoneBy('run', 'back'),
        back: userTask(),
        undo: throwEvent(compensation()),
        rest: userTask(),
      },
      ['start -> run -> undo -> rest'],
    );
    const world = scenario(corePorts([model]));
    world.start();
    world.complete('run');
    world.complete('run');
    for (const lap of [1, 0]) {
      assert.equal(local(world.instancesOf('back')[0], 'loopCounter'), lap);
      world.complete('back');
    }
    assert.deepEqual(world.active(), ['rest']);
  });
});

describe('compensating an ad-hoc sub-process', () => {
  it('undoes what was done in it', () => {
    const visit = adHoc({ wash: userTask(), on: undoneBy('wash', 'sorry'), sorry: userTask(), talk: userTask() }, [], {
      activeElements: expr('${wanted}'),
    });
    const model = aProcess('visits', { start: start(), visit, undo: throwEvent(compensation()), rest: userTask() }, [
      'start -> visit -> undo -> rest',
    ]);
    const world = scenario(corePorts([model]));
    world.start({ wanted: 'talk,wash' });
    world.complete('wash');
    world.complete('talk');
    assert.deepEqual(world.active(), ['undo', 'visit', 'sorry']);
    world.complete('sorry');
    assert.deepEqual(world.active(), ['rest']);
  });
});

describe('compensating a call activity', () => {
  it('runs its handler in the caller; what the called process has done stays', () => {
    const world = scenario(
      corePorts([
        aProcess(
          'caller',
          {
            start: start(),
            call: callActivity('called'),
            on: undoneBy('call', 'undoCall'),
            undoCall: userTask(),
            undo: throwEvent(compensation()),
            rest: userTask(),
          },
          ['start -> call -> undo -> rest'],
        ),
        aProcess('called', { start: start(), work: userTask(), onWork: undoneBy('work', 'undoWork'), undoWork: userTask() }, [
          'start -> work',
        ]),
      ]),
    );
    world.start();
    world.complete('work');
    assert.deepEqual(world.active(), ['undo', 'undoCall']);
    world.complete('undoCall');
    assert.deepEqual(world.active(), ['rest']);
  });
});

function local(instance: ElementInstance | undefined, name: string): unknown {
  return instance?.variables?.[name]?.value;
}
