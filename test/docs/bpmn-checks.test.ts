import assert from 'node:assert/strict';
import { problemTexts } from '#engine/definitions/problem-texts.ts';
import { warningTexts } from '#engine/definitions/warning-texts.ts';
import { readRules } from '#test/support/bpmnspector.ts';
import { textOf } from './project-files.ts';

describe('docs/bpmn-checks.md', () => {
  const { codes } = readRules();
  const rows = [...codes.values()].flat();

  it('calls each code what it is, an error or a warning', () => {
    assert.ok(rows.length > 100);
    const wrong = rows.filter(({ code, severity }) => !Object.hasOwn(severity === 'error' ? problemTexts : warningTexts, code));
    assert.deepEqual(
      wrong.map(({ code }) => code),
      [],
    );
  });

  it('names every warning', () => {
    const page = textOf('docs/bpmn-checks.md');
    assert.deepEqual(
      Object.keys(warningTexts).filter((code) => !page.includes(`\`${code}\``)),
      [],
    );
  });
});
