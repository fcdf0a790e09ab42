import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  compensation,
  end,
  error,
  exclusive,
  start,
  throwEvent,
  transaction,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';

/** Books, then all is well or breaks; later all is taken back. */
function booked() {
  const deal = transaction(
    {
      s: start(),
      book: userTask(),
      on: undoneBy('book', 'unbook'),
      unbook: userTask(),
      check: userTask(),
      answer: exclusive(),
      done: end(),
      broken: end(error('E-1')),
    },
    ['s -> book -> check -> answer', 'answer -> done if ${fine}', 'answer -> broken default'],
  );
  const outside = { start: start(), deal, hazard: boundary('deal', error()), repair: userTask(), after: userTask() };
  const world = scenario(
    corePorts([
      aProcess('booking', { ...outside, undo: throwEvent(compensation('deal')), rest: userTask() }, [
        'start -> deal -> after -> undo -> rest',
        'hazard -> repair',
      ]),
    ]),
  );
  world.start();
  world.complete('book');
  return world;
}

describe('a transaction', () => {
  it('that completes goes on, and can be undone as a whole later', () => {
    const world = booked();
    world.complete('check', { fine: true });
    assert.deepEqual(world.active(), ['after']);
    world.complete('after');
    assert.deepEqual(world.active(), ['undo', 'deal', 'unbook']);
    world.complete('unbook');
    assert.deepEqual(world.active(), ['rest']);
  });

  it('that an error leaves undoes nothing by itself', () => {
    const world = booked();
    world.complete('check', { fine: false });
    assert.deepEqual(world.active(), ['repair']);
    assert.deepEqual(world.states()[0]?.compensations, []);
  });
});
