import assert from 'node:assert/strict';
import type { TaskCard } from '../../api/tasks.ts';
import { groupByAge } from './group-by-age.ts';

const NOON = new Date(2026, 10, 22, 12).getTime();
const HOUR = 3_600_000;

function aTask(id: string, createdAt: number, dueAt: number | null = null): TaskCard {
  return { id, createdAt, dueAt } as TaskCard;
}

describe('inbox groups', () => {
  describe('when tasks are overdue, of today, of this week and older', () => {
    it('puts each into one group and keeps the order of the list', () => {
      // given
      const tasks = [
        aTask('late', NOON - 2 * HOUR, NOON - 1),
        aTask('a', NOON - HOUR, NOON + HOUR),
        aTask('b', NOON - 30 * HOUR),
        aTask('c', NOON - 400 * HOUR),
        aTask('d', NOON - 2 * HOUR),
      ];
      // when
      const groups = groupByAge(tasks, NOON).map((group) => [group.key, group.items.map((item) => item.id)]);
      // then
      assert.deepEqual(groups, [
        ['overdue', ['late']],
        ['today', ['a', 'd']],
        ['week', ['b']],
        ['earlier', ['c']],
      ]);
    });
  });
});
