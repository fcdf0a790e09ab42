import assert from 'node:assert/strict';
import type { TimelineEntry } from '../../api/instances.ts';
import { timelineLines } from './timeline.ts';

const wang = { id: 'worker', name: '王秀英' };

function entry(seq: number, kind: string, details: Record<string, unknown> = {}, more: Partial<TimelineEntry> = {}): TimelineEntry {
  return { seq, at: 1_000 * seq, actor: null, kind, elementId: 'a', elementName: '受理', details, ...more };
}

describe('timeline lines', () => {
  describe('when a task was completed with fields', () => {
    it('shows one line with the fields old and new', () => {
      // given
      const entries = [
        entry(1, 'VariableSet', { name: 'result', value: { type: 'string', value: 'accept' } }, { at: 5_000, actor: wang }),
        entry(2, 'VariableSet', { name: 'priority', value: 80, old: 50 }, { at: 5_000, actor: wang }),
        entry(3, 'UserTaskEnded', { reason: 'completed' }, { at: 5_000, actor: wang }),
      ];
      // when
      const lines = timelineLines(entries, false);
      // then
      assert.equal(lines.length, 1);
      assert.equal(lines[0]?.kind, 'UserTaskEnded');
      assert.deepEqual(lines[0]?.changes, [
        { name: 'result', old: undefined, value: 'accept' },
        { name: 'priority', old: 50, value: 80 },
      ]);
    });
  });

  describe('when a task was claimed', () => {
    it('names the operation', () => {
      assert.equal(timelineLines([entry(1, 'UserTaskUpdated', { operation: 'claim' })], false)[0]?.kind, 'UserTaskUpdated-claim');
    });
  });

  describe('when the engine took inner steps', () => {
    it('shows them only in detail, newest first', () => {
      // given
      const entries = [entry(1, 'InstanceStarted'), entry(2, 'ElementActivated'), entry(3, 'TokenArrived')];
      // then
      assert.deepEqual(
        timelineLines(entries, false).map((line) => line.seq),
        [1],
      );
      assert.deepEqual(
        timelineLines(entries, true).map((line) => line.seq),
        [3, 2, 1],
      );
    });
  });
});
