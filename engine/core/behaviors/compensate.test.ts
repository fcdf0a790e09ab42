import assert from 'node:assert/strict';
import type { ElementInstance } from '#engine/core/state.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  callActivity,
  compensation,
  duration,
  end,
  error,
  eventSubProcess,
  expr,
  externalTask,
  mapping,
  parallel,
  receiveTask,
  type Specs,
  start,
  subProcess,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';

/** Element ids in the order in which they began. */
const begun = (lines: string[]) => lines.flatMap((line) => /^ElementActivated (\S+)/.exec(line)?.[1] ?? []);

describe('a compensation handler', () => {
  const withHandler = (handler: Specs, more: Specs = {}, flows: string[] = []) =>
    scenario(
      corePorts([
        aProcess(
          'one',
          {
            start: start(),
            book: userTask(),
            on: undoneBy('book', 'unbook'),
            ...handler,
            undo: throwEvent(compensation()),
            rest: userTask(),
            ...more,
          },
          ['start -> book -> undo -> rest', ...flows],
        ),
        aProcess('called', { start: start(), inside: userTask() }, ['start -> inside']),
      ]),
    );

  function undoing(handler: Specs, more: Specs = {}, flows: string[] = []) {
    const world = withHandler(handler, more, flows);
    world.start();
    world.complete('book');
    return world;
  }

  it('may wait for a message', () => {
    const world = undoing({ unbook: receiveTask('confirmed') });
    world.receive('unbook');
    assert.deepEqual(world.active(), ['rest']);
  });

  it('may call a process', () => {
    const world = undoing({ unbook: callActivity('called') });
    world.complete('inside');
    assert.deepEqual(world.active(), ['rest']);
  });

  it('may be async before and after', () => {
    const world = undoing({ unbook: userTask({ asyncBefore: true, asyncAfter: true }) });
    assert.deepEqual(world.active(), ['undo', 'unbook']);
    world.due('unbook');
    world.complete('unbook');
    assert.deepEqual(world.active(), ['undo', 'unbook']);
    world.due('unbook');
    assert.deepEqual(world.active(), ['rest']);
  });

  it('may be multi-instance', () => {
    const world = undoing({ unbook: externalTask('undo', { multiInstance: { sequential: true, cardinality: expr('2') } }) });
    world.work('unbook');
    assert.deepEqual(world.active(), ['undo', 'unbook', 'unbook']);
    world.work('unbook');
    assert.deepEqual(world.active(), ['rest']);
  });

  it('may be a sub-process, of which nothing is compensated later', () => {
    const inside: Specs = { s: start(), pay: userTask(), onPay: undoneBy('pay', 'unpay'), unpay: userTask(), e: end() };
    const world = undoing({ unbook: subProcess(inside, ['s -> pay -> e']) }, { again: throwEvent(compensation()), last: userTask() }, [
      'rest -> again -> last',
    ]);
    world.complete('pay');
    assert.deepEqual(world.active(), ['rest']);
    world.complete('rest');
    assert.deepEqual(world.active(), ['last']);
  });

  it('sees the variables of the scope as they are when it runs', () => {
    const world = withHandler({ unbook: userTask({ inputs: [mapping('price', '${paid}')] }) });
    world.start({ paid: 7 });
    world.complete('book', { paid: 9 });
    assert.equal(local(world.instancesOf('unbook')[0], 'price'), 9);
  });

  describe('with a boundary event', () => {
    it('is over when that interrupts it, and the throwing event waits for the way from there', () => {
      const late = { unbook: userTask(), late: boundary('unbook', duration('P1D')), phone: userTask(), e: end() };
      const world = undoing(late, {}, ['late -> phone -> e']);
      world.due('late');
      assert.deepEqual(world.active(), ['undo', 'phone']);
      world.complete('phone');
      assert.deepEqual(world.active(), ['rest']);
    });

    it('goes on beside the way from one that does not interrupt it', () => {
      const late = { unbook: userTask(), late: boundary('unbook', duration('P1D'), false), phone: userTask() };
      const world = undoing(late, {}, ['late -> phone']);
      world.due('late');
      world.complete('unbook');
      assert.deepEqual(world.active(), ['undo', 'phone']);
      world.complete('phone');
      assert.deepEqual(world.active(), ['rest']);
    });

    it('hands its errors to it', () => {
      const failing = { unbook: externalTask('undo'), failed: boundary('unbook', error('E-1')), phone: userTask() };
      const world = undoing(failing, {}, ['failed -> phone']);
      world.fail('unbook', 'E-1');
      assert.deepEqual(world.active(), ['undo', 'phone']);
    });
  });

  it('hands an error to the scope around it', () => {
    const world = undoing(
      { unbook: externalTask('undo') },
      { wrong: eventSubProcess({ on: start(error('E-1')), repair: userTask() }, ['on -> repair']) },
    );
    world.fail('unbook', 'E-1');
    assert.deepEqual(world.active(), ['wrong', 'repair']);
  });

  it('ends with an error that nobody catches, like a none end event', () => {
    const world = undoing({ unbook: externalTask('undo') });
    world.fail('unbook', 'E-1');
    assert.deepEqual(world.active(), ['rest']);
  });
});

describe('compensating a completed sub-process', () => {
  const bookings = (more: Specs = {}): Specs => ({
    s: start(),
    flight: userTask(),
    onFlight: undoneBy('flight', 'cancelFlight'),
    cancelFlight: externalTask('cancel', { inputs: [mapping('number', '${booking}')] }),
    hotel: userTask(),
    onHotel: undoneBy('hotel', 'cancelHotel'),
    cancelHotel: externalTask('cancel'),
    e: end(),
    ...more,
  });
  const world = (inside: Specs, more: Specs = {}, multiInstance: object = {}) =>
    scenario(
      corePorts([
        aProcess(
          'trip',
          {
            start: start(),
            book: subProcess(inside, ['s -> flight -> hotel -> e'], { inputs: [mapping('booking', '${given}')], ...multiInstance }),
            decide: userTask(),
            undo: throwEvent(compensation('book')),
            rest: userTask(),
            ...more,
          },
          ['start -> book -> decide -> undo -> rest'],
        ),
      ]),
    );

  it('undoes what is in it, the last one first, with its variables as they were', () => {
    const trips = world(bookings());
    trips.start({ given: 'F-1' });
    trips.complete('flight');
    trips.complete('hotel');
    const { lines } = trips.complete('decide', { given: 'F-2' });
    assert.deepEqual(begun(lines), ['undo', 'book', 'cancelHotel']);
    trips.work('cancelHotel');
    assert.deepEqual(trips.active(), ['undo', 'book', 'cancelFlight']);
    assert.equal(local(trips.instancesOf('cancelFlight')[0], 'number'), 'F-1');
    trips.work('cancelFlight');
    assert.deepEqual(trips.active(), ['rest']);
  });

  it('does not undo it while it runs', () => {
    const trips = scenario(
      corePorts([
        aProcess(
          'trip',
          {
            start: start(),
            fork: parallel(),
            book: subProcess(bookings(), ['s -> flight -> hotel -> e']),
            decide: userTask(),
            undo: throwEvent(compensation()),
            rest: userTask(),
          },
          ['start -> fork', 'fork -> book', 'fork -> decide -> undo -> rest'],
        ),
      ]),
    );
    trips.start({ booking: 1 });
    trips.complete('flight');
    trips.complete('decide');
    assert.deepEqual(trips.active(), ['book', 'hotel', 'rest']);
  });

  it('reaches through sub-processes inside it', () => {
    const inner = subProcess({ s2: start(), car: userTask(), onCar: undoneBy('car', 'cancelCar'), cancelCar: userTask() }, ['s2 -> car']);
    const trips = scenario(
      corePorts([
        aProcess(
          'trip',
          {
            start: start(),
            outer: subProcess(
              { s: start(), inner, hotel: userTask(), onHotel: undoneBy('hotel', 'cancelHotel'), cancelHotel: userTask() },
              ['s -> inner -> hotel'],
            ),
            undo: throwEvent(compensation()),
            rest: userTask(),
          },
          ['start -> outer -> undo -> rest'],
        ),
      ]),
    );
    trips.start();
    trips.complete('car');
    const { lines } = trips.complete('hotel');
    assert.deepEqual(begun(lines), ['undo', 'outer', 'cancelHotel']);
    assert.deepEqual(begun(trips.complete('cancelHotel').lines), ['inner', 'cancelCar']);
    trips.complete('cancelCar');
    assert.deepEqual(trips.active(), ['rest']);
  });

  it('runs the handler beside it instead of what is in it', () => {
    const trips = world(bookings(), { on: undoneBy('book', 'refund'), refund: userTask() });
    trips.start({ given: 'F-1' });
    trips.complete('flight');
    trips.complete('hotel');
    trips.complete('decide');
    assert.deepEqual(trips.active(), ['undo', 'refund']);
    trips.complete('refund');
    assert.deepEqual(trips.active(), ['rest']);
    assert.deepEqual(trips.states()[0]?.compensations, []);
  });

  it('goes past its error events, which are over', () => {
    const wrong = eventSubProcess({ onError: start(error()), repair: userTask() }, ['onError -> repair']);
    const trips = world(bookings({ wrong }), { failed: boundary('book', error()) });
    trips.start({ given: 'F-1' });
    trips.complete('flight');
    trips.complete('hotel');
    trips.complete('decide');
    trips.fail('cancelHotel', 'E-1');
    assert.deepEqual(trips.active(), ['undo', 'book', 'cancelFlight']);
  });

  describe('with a compensation event sub-process', () => {
    const sorry = (...stops: [string, Specs][]) =>
      eventSubProcess(Object.assign({ onUndo: start(compensation()), write: userTask() }, ...stops.map(([, specs]) => specs)), [
        ['onUndo', 'write', ...stops.map(([id]) => id)].join(' -> '),
      ]);
    const booked = (inside: Specs) => {
      const trips = world(inside);
      trips.start({ given: 'F-1' });
      trips.complete('flight');
      trips.complete('hotel');
      trips.complete('decide', { given: 'F-2' });
      return trips;
    };

    it('runs that instead, with the variables as they were', () => {
      const trips = booked(bookings({ sorry: sorry() }));
      assert.deepEqual(trips.active(), ['undo', 'book', 'sorry', 'write']);
      assert.equal(local(trips.instancesOf('book')[0], 'booking'), 'F-1');
      trips.complete('write');
      assert.deepEqual(trips.active(), ['rest']);
      assert.deepEqual(trips.states()[0]?.compensations, []);
    });

    it('undoes what is in the sub-process when that throws again', () => {
      const trips = booked(bookings({ sorry: sorry(['again', { again: throwEvent(compensation('flight')) }]) }));
      trips.complete('write');
      assert.deepEqual(trips.active(), ['undo', 'book', 'sorry', 'again', 'cancelFlight']);
      trips.work('cancelFlight');
      assert.deepEqual(trips.active(), ['rest']);
    });

    it('runs it also when nothing inside could be undone', () => {
      const trips = booked({ s: start(), flight: userTask(), hotel: userTask(), e: end(), sorry: sorry() });
      assert.deepEqual(trips.active(), ['undo', 'book', 'sorry', 'write']);
    });
  });

  describe('that is multi-instance', () => {
    it('undoes each item with the variables of its own', () => {
      const each = { sequential: true, collection: expr('trips'), elementVariable: 'given' };
      const trips = world(bookings(), {}, { multiInstance: each });
      trips.start({ trips: ['A', 'B'] });
      for (const id of ['flight', 'hotel', 'flight', 'hotel', 'decide']) trips.complete(id);
      for (const given of ['B', 'A']) {
        trips.work('cancelHotel');
        assert.equal(local(trips.instancesOf('cancelFlight')[0], 'number'), given);
        trips.work('cancelFlight');
      }
      assert.deepEqual(trips.active(), ['rest']);
    });
  });
});

function local(instance: ElementInstance | undefined, name: string): unknown {
  return instance?.variables?.[name]?.value;
}
