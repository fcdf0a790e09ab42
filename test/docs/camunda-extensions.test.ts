import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { ROOT, tableRows, textOf } from './project-files.ts';

interface Descriptor {
  types: { name: string; properties?: { name: string }[] }[];
}

const VERDICTS = ['same', 'differs', 'refused', 'ignored'];

describe('docs/camunda-extensions.md', () => {
  const rows = tableRows(textOf('docs/camunda-extensions.md')).map(([name = '', verdict = '', how = '', shownBy = '']) => ({
    name: name.replaceAll('`', ''),
    verdict,
    how,
    test: shownBy.replaceAll('`', ''),
  }));

  it('has every property of Camunda’s extension descriptor, and no other', () => {
    // Read anew: the BPMN reader changes the object that it is given.
    const camunda = JSON.parse(textOf('node_modules/camunda-bpmn-moddle/resources/camunda.json')) as Descriptor;
    const known = camunda.types.flatMap(({ name, properties = [] }) => properties.map((property) => `${name}.${property.name}`));
    assert.ok(known.length > 100, `expected the descriptor, found ${known.length} properties`);
    assert.deepEqual(rows.map(({ name }) => name).sort(), known.sort());
  });

  it('says of each what becomes of it, and how where it is not the same', () => {
    for (const { name, verdict, how } of rows) {
      assert.ok(VERDICTS.includes(verdict), `${name}: ${verdict}`);
      if (verdict === 'differs' || verdict === 'refused') assert.ok(how.length > 3, name);
    }
  });

  it('names a test that exists for each', () => {
    for (const { name, test } of rows) assert.ok(test.endsWith('.test.ts') && existsSync(`${ROOT}${test}`), `${name}: ${test}`);
  });
});
