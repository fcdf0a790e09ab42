import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { areaRows } from '#engine/seed/areas.ts';
import { buildTree } from './areas.ts';

const DISTRICT = {
  code: '120103',
  name: '河西区',
  streets: [
    {
      code: '120103008',
      name: '天塔街道',
      communities: [
        ['001', '环湖南里'],
        ['002', '气象南里'],
      ],
    },
  ],
};

describe('area tree', () => {
  const rows = areaRows(DISTRICT);

  it('nests district, street and community', () => {
    const [district, ...others] = buildTree(rows);
    assert.deepEqual(others, []);
    assert.equal(district?.children[0]?.name, '天塔街道');
    assert.deepEqual(
      district?.children[0]?.children.map(({ name }) => name),
      ['环湖南里社区', '气象南里社区'],
    );
  });

  it('has the caller’s own areas as roots when those above are out of scope', () => {
    const roots = buildTree(rows.filter(({ level }) => level === 3));
    assert.deepEqual(
      roots.map(({ code }) => code),
      ['120103008001', '120103008002'],
    );
  });
});
