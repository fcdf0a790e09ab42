import assert from 'node:assert/strict';
import { before, cancelActivity, line, modify, scenarioOf, scenarioStarted } from '#test/support/modification-scenario.ts';
import { adHoc, aProcess, boundary, duration, start, userTask } from '#test/support/process-builder.ts';
import { setJobRetries } from './set-job-retries.ts';

describe('modifyInstance', () => {
  describe('when all that was active is canceled', () => {
    it('ends the instance with the annotation', () => {
      const s = scenarioStarted(line);
      const { events, result } = modify(s, [cancelActivity('a')], { annotation: 'wrong person' });
      assert.deepEqual([s.status(), result.ended], [['ended'], true]);
      assert.deepEqual(
        events.find(({ type }) => type === 'InstanceEnded'),
        {
          instance: s.states()[0]?.id,
          type: 'InstanceEnded',
          outcome: 'EXTERNALLY_TERMINATED',
          element: null,
          reason: 'wrong person',
        },
      );
    });

    it('lets the instance live when something else begins in the same command', () => {
      const s = scenarioStarted(line);
      modify(s, [cancelActivity('a'), before('b')]);
      assert.deepEqual([s.status(), s.active()], [['active'], ['b']]);
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('completes the instance when what begins is its end', () => {
      const s = scenarioStarted(line);
      const { events } = modify(s, [cancelActivity('a'), before('over')]);
      assert.deepEqual(
        events.filter(({ type }) => type === 'InstanceEnded').map((event) => 'outcome' in event && event.outcome),
        ['COMPLETED'],
      );
    });
  });

  describe('when it concerns an ad-hoc sub-process', () => {
    it('asks the sub-process whether it is done', () => {
      const model = aProcess('free', { begin: start(), box: adHoc({ one: userTask(), two: userTask() }), after: userTask() }, [
        'begin -> box -> after',
      ]);
      const s = scenarioStarted(model);
      modify(s, [before('one'), before('two')]);
      modify(s, [cancelActivity('one')]);
      assert.deepEqual(s.active(), ['box', 'two']);
      modify(s, [cancelActivity('two')]);
      assert.deepEqual(s.active(), ['after']);
    });
  });

  describe('when an activity is left and begun again', () => {
    it('arms its timer anew', () => {
      const s = scenarioOf(
        aProcess('again', { begin: start(), a: userTask(), late: boundary('a', duration('PT10M')), b: userTask() }, [
          'begin -> a -> b',
          'late -> b',
        ]),
      );
      s.start();
      const [first] = s.jobsOf('late');
      s.perform(setJobRetries, { jobId: first?.id ?? 0, retries: 0 });
      s.ports.now += 300_000;
      modify(s, [cancelActivity('a'), before('a')]);
      const [again, ...none] = s.jobsOf('late');
      assert.deepEqual([again?.dueAt, none, s.states()[0]?.incidents], [s.ports.now + 600_000, [], []]);
      assert.notEqual(again?.id, first?.id);
    });
  });
});
