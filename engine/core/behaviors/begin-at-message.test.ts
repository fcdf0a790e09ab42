import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  catchEvent,
  end,
  eventBased,
  eventSubProcess,
  inclusive,
  message,
  receiveTask,
  start,
  userTask,
} from '#test/support/process-builder.ts';

describe('an instance that begins without a start event', () => {
  const elements = {
    gw: eventBased({ instantiate: 'exclusive' }),
    order: catchEvent(message('order')),
    call: receiveTask('call'),
    a: userTask(),
    b: userTask(),
  };
  const flows = ['gw -> order -> a', 'gw -> call -> b'];

  describe('when the message of an event behind an event-based gateway comes', () => {
    it('begins at that event, with its variables, and waits for no other', () => {
      const s = scenario(corePorts([aProcess('p', elements, flows)]));
      const { lines } = s.start({ item: 'bed' }, { startElement: 'order' });
      assert.deepEqual(lines, [
        'InstanceStarted',
        'VariableSet item="bed"',
        'ElementActivated order',
        'ElementCompleted order',
        'ElementActivated a',
        'UserTaskCreated a',
      ]);
      assert.deepEqual(s.states()[0]?.subscriptions, []);
    });

    it('begins at a receive task just so', () => {
      const s = scenario(corePorts([aProcess('p', elements, flows)]));
      s.start({}, { startElement: 'call' });
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when the gateway is a parallel one', () => {
    it('waits for all the others as well', () => {
      const parallel = { ...elements, gw: eventBased({ instantiate: 'parallel' }) };
      const s = scenario(corePorts([aProcess('p', parallel, flows)]));
      s.start({}, { startElement: 'order' });
      assert.deepEqual(s.active(), ['call', 'a']);
      s.complete('a');
      assert.deepEqual(s.status(), ['active']);
      s.receive('call');
      assert.deepEqual(s.active(), ['b']);
    });

    it('an inclusive join behind it knows what is still to come', () => {
      const joined = {
        gw: eventBased({ instantiate: 'parallel' }),
        x: receiveTask('x'),
        y: receiveTask('y'),
        join: inclusive(),
        after: userTask(),
      };
      const s = scenario(corePorts([aProcess('p', joined, ['gw -> x -> join', 'gw -> y -> join', 'join -> after'])]));
      s.start({}, { startElement: 'y' });
      assert.deepEqual(s.active(), ['x']);
      s.receive('x');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when a receive task instantiates', () => {
    const own = aProcess('p', { call: receiveTask('call', { instantiate: true }), done: end(), later: receiveTask('later') }, [
      'call -> later -> done',
    ]);

    it('begins behind it, with the event sub-processes of the process open', () => {
      const aside = eventSubProcess({ on: start(message('stop')), tidy: userTask() }, ['on -> tidy']);
      const model = aProcess('p', { call: receiveTask('call', { instantiate: true }), later: receiveTask('later'), aside }, [
        'call -> later',
      ]);
      const s = scenario(corePorts([model]));
      s.start({}, { startElement: 'call' });
      assert.deepEqual(s.active(), ['later']);
      assert.equal(s.subscriptionsOf('on').length, 1);
    });
    it('is no start for a receive task that only waits', () => {
      assert.throws(() => scenario(corePorts([own])).start({}, { startElement: 'later' }), { code: 'START_EVENT_UNKNOWN' });
    });
    it('needs the message: nothing else starts the process', () => {
      assert.throws(() => scenario(corePorts([own])).start(), { code: 'START_EVENT_MISSING' });
    });
  });
});
