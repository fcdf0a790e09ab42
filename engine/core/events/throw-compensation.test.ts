import assert from 'node:assert/strict';
import { deleteInstance } from '#engine/core/commands/delete-instance.ts';
import type { EventDefinition } from '#engine/core/model.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  compensation,
  end,
  eventSubProcess,
  message,
  parallel,
  type Specs,
  start,
  subProcess,
  terminate,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';

/** Element ids in the order in which they began. */
const begun = (lines: string[]) => lines.flatMap((line) => /^ElementActivated (\S+)/.exec(line)?.[1] ?? []);

/** Books a flight, then a hotel, waits, and takes both back. */
const trip = (undo: EventDefinition = compensation(), more: Specs = {}, flows: string[] = []) =>
  scenario(
    corePorts([
      aProcess(
        'trip',
        {
          start: start(),
          flight: userTask(),
          onFlight: undoneBy('flight', 'cancelFlight'),
          cancelFlight: userTask(),
          hotel: userTask(),
          onHotel: undoneBy('hotel', 'cancelHotel'),
          cancelHotel: userTask(),
          decide: userTask(),
          undo: throwEvent(undo),
          after: userTask(),
          end: end(),
          ...more,
        },
        ['start -> flight -> hotel -> decide -> undo -> after -> end', ...flows],
      ),
    ]),
  );

function booked(world: ReturnType<typeof trip>): ReturnType<typeof trip> {
  world.start();
  world.complete('flight');
  world.complete('hotel');
  return world;
}

describe('throwing a compensation', () => {
  it('undoes what is completed, one after the other, the last one first, and waits for all of it', () => {
    const world = booked(trip());
    const { lines } = world.complete('decide');
    assert.deepEqual(begun(lines), ['undo', 'cancelHotel']);
    world.complete('cancelHotel');
    assert.deepEqual(world.active(), ['undo', 'cancelFlight']);
    world.complete('cancelFlight');
    assert.deepEqual(world.active(), ['after']);
  });

  it('shows nothing of what could be undone before it is', () => {
    const world = booked(trip());
    assert.deepEqual(world.active(), ['decide']);
  });

  it('undoes the activity that it names, no other', () => {
    const world = booked(trip(compensation('flight')));
    world.complete('decide');
    assert.deepEqual(world.active(), ['undo', 'cancelFlight']);
  });

  it('goes on at once when there is nothing to undo', () => {
    const world = trip(compensation('decide'));
    booked(world);
    world.complete('decide');
    assert.deepEqual(world.active(), ['after']);
  });

  it('goes on beside the handlers when it does not wait for them, which keep their order', () => {
    const world = booked(trip(compensation(undefined, false)));
    world.complete('decide');
    assert.deepEqual(world.active(), ['undo', 'cancelHotel', 'after']);
    world.complete('after');
    world.complete('cancelHotel');
    assert.deepEqual(world.active(), ['undo', 'cancelFlight']);
    world.complete('cancelFlight');
    assert.deepEqual(world.status(), ['ended']);
  });

  it('leaves to another what it had not come to when it was canceled', () => {
    const wrong = eventSubProcess({ on: start(message('wrong')), all: throwEvent(compensation()), note: userTask() }, [
      'on -> all -> note',
    ]);
    const world = booked(trip(compensation(), { wrong }));
    world.complete('decide');
    world.receive('on');
    assert.deepEqual(world.active(), ['wrong', 'all', 'cancelFlight']);
    world.complete('cancelFlight');
    assert.deepEqual(world.active(), ['wrong', 'note']);
  });

  it('undoes an activity once, however often it is thrown', () => {
    const world = booked(trip(compensation('flight'), { again: throwEvent(compensation()) }, ['after -> again -> end']));
    world.complete('decide');
    world.complete('cancelFlight');
    const { lines } = world.complete('after');
    assert.deepEqual(begun(lines), ['end', 'again', 'cancelHotel']);
  });

  it('undoes each time that an activity was completed', () => {
    const model = aProcess(
      'loop',
      {
        start: start(),
        book: userTask(),
        on: undoneBy('book', 'unbook'),
        unbook: userTask(),
        undo: end(compensation()),
        more: { ...parallel(), type: 'bpmn:ExclusiveGateway' },
      },
      ['start -> book -> more', 'more -> book if ${again}', 'more -> undo default'],
    );
    const world = scenario(corePorts([model]));
    world.start();
    world.complete('book', { again: true });
    world.complete('book', { again: false });
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(world.active(), ['undo', 'unbook']);
      world.complete('unbook');
    }
    assert.deepEqual(world.status(), ['ended']);
  });

  it('at an end event ends the path when all is undone', () => {
    const model = aProcess(
      'short',
      { start: start(), book: userTask(), on: undoneBy('book', 'unbook'), unbook: userTask(), end: end(compensation()) },
      ['start -> book -> end'],
    );
    const world = scenario(corePorts([model]));
    world.start();
    world.complete('book');
    assert.deepEqual(world.active(), ['end', 'unbook']);
    const { lines } = world.complete('unbook');
    assert.deepEqual(lines.slice(-2), ['ElementCompleted end', 'InstanceEnded COMPLETED']);
  });

  it('leaves alone what is not completed or was interrupted', () => {
    const model = aProcess(
      'open',
      {
        start: start(),
        fork: parallel(),
        book: userTask(),
        on: undoneBy('book', 'unbook'),
        late: boundary('book', message('too late')),
        unbook: userTask(),
        decide: userTask(),
        undo: throwEvent(compensation()),
        rest: userTask(),
      },
      ['start -> fork', 'fork -> book -> rest', 'fork -> decide -> undo -> rest', 'late -> rest'],
    );
    const world = scenario(corePorts([model]));
    world.start();
    world.receive('late');
    world.complete('decide');
    assert.deepEqual(world.active(), ['rest', 'rest']);
  });

  it('leaves alone what a throw before it is undoing just now', () => {
    const model = aProcess(
      'two',
      {
        start: start(),
        book: userTask(),
        on: undoneBy('book', 'unbook'),
        unbook: userTask(),
        fork: parallel(),
        one: throwEvent(compensation()),
        decide: userTask(),
        two: throwEvent(compensation()),
        rest: userTask(),
      },
      ['start -> book -> fork', 'fork -> one', 'fork -> decide -> two -> rest'],
    );
    const world = scenario(corePorts([model]));
    world.start();
    world.complete('book');
    world.complete('decide');
    assert.deepEqual(new Set(world.active()), new Set(['one', 'rest', 'unbook']));
  });

  it('undoes an activity whose token still waits for its async continuation', () => {
    const model = aProcess(
      'parked',
      {
        start: start(),
        fork: parallel(),
        book: userTask({ asyncAfter: true }),
        on: undoneBy('book', 'unbook'),
        unbook: userTask(),
        decide: userTask(),
        undo: throwEvent(compensation()),
      },
      ['start -> fork', 'fork -> book', 'fork -> decide -> undo'],
    );
    const world = scenario(corePorts([model]));
    world.start();
    world.complete('book');
    world.complete('decide');
    assert.deepEqual(world.active(), ['book', 'undo', 'unbook']);
    world.due('book');
    world.complete('unbook');
    assert.deepEqual(world.status(), ['ended']);
  });

  it('stops when its scope is canceled, handlers and all', () => {
    const model = aProcess(
      'stopped',
      {
        start: start(),
        sub: subProcess(
          { s: start(), book: userTask(), on: undoneBy('book', 'unbook'), unbook: userTask(), undo: throwEvent(compensation()), e: end() },
          ['s -> book -> undo -> e'],
        ),
        stop: boundary('sub', message('stop')),
        rest: userTask(),
        end: end(),
      },
      ['start -> sub -> end', 'stop -> rest'],
    );
    const world = scenario(corePorts([model]));
    world.start();
    world.complete('book');
    world.receive('stop');
    assert.deepEqual(world.active(), ['rest']);
    assert.deepEqual(world.states()[0]?.compensations, []);
  });

  it('is over with a terminate end event', () => {
    const world = booked(trip(compensation(), { fork: parallel(), wait: userTask(), stop: end(terminate) }, ['start -> wait -> stop']));
    world.complete('decide');
    world.complete('wait');
    assert.deepEqual(world.status(), ['ended']);
  });

  it('is over with the deletion of the instance', () => {
    const world = booked(trip());
    world.complete('decide');
    world.perform(deleteInstance, { instanceId: world.states()[0]?.id ?? 0, reason: null });
    assert.deepEqual(world.status(), ['ended']);
  });

  describe('from inside an event sub-process', () => {
    const world = () =>
      trip(compensation(), {
        wrong: eventSubProcess(
          {
            on: start(message('wrong')),
            call: userTask(),
            onCall: undoneBy('call', 'callBack'),
            callBack: userTask(),
            all: throwEvent(compensation()),
            write: userTask(),
          },
          ['on -> call -> all -> write'],
        ),
      });

    it('undoes what is completed in it and in the scope around it', () => {
      const inTrouble = booked(world());
      inTrouble.receive('on');
      const { lines } = inTrouble.complete('call');
      assert.deepEqual(begun(lines), ['all', 'callBack']);
      for (const id of ['callBack', 'cancelHotel', 'cancelFlight']) inTrouble.complete(id);
      assert.deepEqual(inTrouble.active(), ['wrong', 'write']);
    });

    it('takes its handlers along when it is terminated, also those around it', () => {
      const stopping = eventSubProcess(
        { on: start(message('wrong')), fork: parallel(), all: throwEvent(compensation()), wait: userTask(), stop: end(terminate) },
        ['on -> fork', 'fork -> all', 'fork -> wait -> stop'],
      );
      const inTrouble = booked(trip(compensation(), { wrong: stopping }));
      inTrouble.receive('on');
      assert.deepEqual(new Set(inTrouble.active()), new Set(['wrong', 'all', 'wait', 'cancelHotel']));
      const { lines } = inTrouble.complete('wait');
      assert.ok(lines.includes('UserTaskEnded cancelHotel canceled'));
      assert.deepEqual(inTrouble.status(), ['ended']);
    });
  });
});
