import assert from 'node:assert/strict';
import {
  aProcess,
  anyOf,
  catchEvent,
  condition,
  duration,
  eventBased,
  message,
  receiveTask,
  signal,
  start,
  userTask,
} from '#test/support/process-builder.ts';
import { startSubscriptionsOf } from './start-subscriptions.ts';

describe('startSubscriptionsOf', () => {
  it('lists start events by message, signal and condition, also those with several', () => {
    const specs = {
      none: start(),
      one: start(message('a')),
      many: start(anyOf(message('b'), message('c'), message('b'), signal('g'), condition('${x}'), condition('${y}'))),
      timed: start(duration('PT1H')),
      t: userTask(),
    };
    const model = aProcess('p', specs, ['none -> t', 'one -> t', 'many -> t', 'timed -> t']);
    assert.deepEqual(startSubscriptionsOf(model), [
      { kind: 'message', name: 'a', element: 'one' },
      { kind: 'message', name: 'b', element: 'many' },
      { kind: 'message', name: 'c', element: 'many' },
      { kind: 'signal', name: 'g', element: 'many' },
      { kind: 'conditional', name: '0', element: 'many' },
      { kind: 'conditional', name: '1', element: 'many' },
    ]);
  });

  it('lists instantiating receive tasks and what stands behind an instantiating event-based gateway', () => {
    const elements = {
      gw: eventBased({ instantiate: 'exclusive' }),
      order: catchEvent(message('order')),
      call: receiveTask('call'),
      visit: receiveTask('visit', { instantiate: true }),
      later: receiveTask('later'),
    };
    const model = aProcess('p', elements, ['gw -> order -> later', 'gw -> call -> later', 'visit -> later']);
    assert.deepEqual(
      startSubscriptionsOf(model).map(({ element, name }) => [element, name]),
      [
        ['order', 'order'],
        ['call', 'call'],
        ['visit', 'visit'],
      ],
    );
  });
});
