import assert from 'node:assert/strict';
import { aProcess, anyOf, catchEvent, eventBased, message, receiveTask, start, userTask } from '#test/support/process-builder.ts';
import { messageStarts } from './message-starts.ts';

describe('messageStarts', () => {
  it('lists message start events, also those with several messages', () => {
    const model = aProcess('p', { none: start(), one: start(message('a')), many: start(anyOf(message('b'), message('c'))), t: userTask() }, [
      'none -> t',
      'one -> t',
      'many -> t',
    ]);
    assert.deepEqual(messageStarts(model), [
      { element: 'one', message: 'a' },
      { element: 'many', message: 'b' },
      { element: 'many', message: 'c' },
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
    assert.deepEqual(messageStarts(model), [
      { element: 'order', message: 'order' },
      { element: 'call', message: 'call' },
      { element: 'visit', message: 'visit' },
    ]);
  });
});
