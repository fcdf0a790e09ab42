import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, vars } from '#test/support/core-scenario.ts';
import { adHoc, aProcess, boundary, error, expr, externalTask, message, start, task, userTask } from '#test/support/process-builder.ts';
import { activateAdHocElements } from '../commands/activate-ad-hoc-elements.ts';
import { completeAdHoc } from '../commands/complete-ad-hoc.ts';
import { suspendInstance } from '../commands/suspend-instance.ts';

const inside = { bath: userTask(), meal: userTask(), walk: userTask(), note: task() };

function world(fields: Parameters<typeof adHoc>[2] = {}, children: Parameters<typeof adHoc>[0] = inside, flows: string[] = []) {
  const elements = { start: start(), care: adHoc(children, flows, fields), after: userTask() };
  const s = scenario(corePorts([aProcess('p', elements, ['start -> care -> after'])]));
  const where = () => ({ instanceId: s.states()[0]?.id ?? 0, elementInstance: s.instancesOf('care').at(-1)?.id ?? 0 });
  return {
    ...s,
    activate: (...ids: string[]) => s.perform(activateAdHocElements, { ...where(), elements: ids.map((id) => ({ id })) }),
    activateWith: (id: string, variables: Record<string, unknown>) =>
      s.perform(activateAdHocElements, { ...where(), elements: [{ id, variables: vars(variables) }] }),
    finish: () => s.perform(completeAdHoc, where()),
    where,
  };
}

describe('ad-hoc sub-process', () => {
  describe('when it names active elements', () => {
    it('begins them, and is done when they are', () => {
      const s = world({ activeElements: expr('${plan}') });
      s.start({ plan: ['bath', 'meal'] });
      assert.deepEqual(s.active(), ['care', 'bath', 'meal']);
      s.complete('bath');
      s.complete('meal');
      assert.deepEqual(s.active(), ['after']);
    });

    it('takes a comma-separated text', () => {
      const s = world({ activeElements: expr('bath, walk') });
      s.start();
      assert.deepEqual(s.active(), ['care', 'bath', 'walk']);
    });

    it('refuses what is not inside', () => {
      const s = world({ activeElements: expr('bath, after') });
      assert.throws(() => s.start(), { code: 'AD_HOC_ELEMENT_INVALID', elementId: 'care' });
    });
  });

  describe('when it names none', () => {
    it('waits for a request, which may begin an activity several times', () => {
      const s = world();
      s.start();
      assert.deepEqual(s.active(), ['care']);
      const { result } = s.activate('bath', 'bath');
      assert.deepEqual(
        result.activated,
        s.instancesOf('bath').map(({ id }) => id),
      );
      assert.equal(result.activated.length, 2);
    });

    it('gives what begins local variables', () => {
      const s = world({}, { bath: userTask({ nameExpression: expr('bath of ${elder}') }) });
      s.start();
      s.activateWith('bath', { elder: 'Li' });
      assert.equal(s.instancesOf('bath')[0]?.task?.name, 'bath of Li');
      assert.equal(s.variable('elder'), undefined);
    });

    it('is done with the first activity that leaves nothing active', () => {
      const s = world();
      s.start();
      s.activate('note');
      assert.deepEqual(s.active(), ['after']);
    });

    it('can be completed without any activity', () => {
      const s = world();
      s.start();
      s.finish();
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when it has a completion condition', () => {
    const completionCondition = expr('${enough}');

    it('stays open until the condition is true, then cancels what is active', () => {
      const s = world({ completionCondition, activeElements: expr('bath') });
      s.start({ enough: false });
      s.complete('bath');
      assert.deepEqual(s.active(), ['care']);
      s.activate('meal', 'walk');
      const { lines } = s.complete('meal', { enough: true });
      assert.ok(lines.includes('UserTaskEnded walk canceled'));
      assert.deepEqual(s.active(), ['after']);
    });

    it('lets what is active finish when it shall not be canceled', () => {
      const s = world({ completionCondition, cancelRemaining: false, activeElements: expr('bath, meal') });
      s.start({ enough: false });
      assert.ok(s.complete('bath', { enough: true }).lines.includes('AdHocChanged closing'));
      assert.deepEqual(s.active(), ['care', 'meal']);
      assert.throws(() => s.activate('walk'), { code: 'AD_HOC_CLOSING' });
      s.complete('meal', { enough: false });
      assert.deepEqual(s.active(), ['after']);
    });

    it('is asked after each activity, before the flows that lead on from it', () => {
      const s = world({ completionCondition, activeElements: expr('bath') }, inside, ['bath -> meal']);
      s.start({ enough: false });
      const { lines } = s.complete('bath', { enough: true });
      assert.ok(!lines.includes('UserTaskCreated meal'));
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when flows lead on inside', () => {
    const flows = ['bath -> meal'];

    it('follows them', () => {
      const s = world({ activeElements: expr('bath') }, inside, flows);
      s.start();
      s.complete('bath');
      assert.deepEqual(s.active(), ['care', 'meal']);
      s.complete('meal');
      assert.deepEqual(s.active(), ['after']);
    });

    it('begins nothing in their middle', () => {
      const s = world({}, inside, flows);
      s.start();
      assert.throws(() => s.activate('meal'), { code: 'AD_HOC_ELEMENT_INVALID' });
    });
  });

  describe('when it is sequential', () => {
    it('begins its active elements one after the other', () => {
      const s = world({ sequential: true, activeElements: expr('bath, meal, walk') });
      s.start();
      const order = [];
      for (let turn = 0; turn < 3; turn++) {
        const [, now, ...others] = s.active();
        assert.deepEqual(others, []);
        order.push(now);
        s.complete(now ?? '');
      }
      assert.deepEqual([order, s.active()], [['bath', 'meal', 'walk'], ['after']]);
    });

    it('refuses a second activity at a time', () => {
      const s = world({ sequential: true });
      s.start();
      assert.throws(() => s.activate('bath', 'meal'), { code: 'AD_HOC_BUSY' });
      s.activate('bath');
      assert.throws(() => s.activate('meal'), { code: 'AD_HOC_BUSY' });
    });
  });

  describe('when it carries boundary events', () => {
    it('is interrupted with all that is inside', () => {
      const elements = {
        start: start(),
        care: adHoc({ ...inside, call: externalTask('t') }, [], { activeElements: expr('bath, call') }),
        stop: boundary('care', message('stop')),
        bad: boundary('care', error('E-1')),
        after: userTask(),
        other: userTask(),
      };
      const model = aProcess('p', elements, ['start -> care -> after', 'stop -> other', 'bad -> other']);
      const s = scenario(corePorts([model]));
      s.start();
      s.receive('stop');
      assert.deepEqual(s.active(), ['other']);
      const failing = scenario(corePorts([model]));
      failing.start();
      failing.fail('call', 'E-1');
      assert.deepEqual(failing.active(), ['other']);
    });
  });

  describe('when it repeats', () => {
    it('has activities of its own in each item', () => {
      const s = world({ multiInstance: { sequential: true, cardinality: expr('${2}') }, activeElements: expr('bath') });
      s.start();
      s.complete('bath');
      assert.deepEqual(s.active(), ['care', 'care', 'bath']);
      s.complete('bath');
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when the request is wrong', () => {
    it('knows ad-hoc sub-processes of active instances only', () => {
      const s = world();
      s.start();
      const { instanceId } = s.where();
      const elements = [{ id: 'bath' }];
      assert.throws(() => s.perform(activateAdHocElements, { instanceId, elementInstance: instanceId, elements }), {
        code: 'AD_HOC_NOT_FOUND',
      });
      s.perform(suspendInstance, { instanceId });
      assert.throws(() => s.activate('bath'), { code: 'INSTANCE_SUSPENDED' });
    });
  });
});
