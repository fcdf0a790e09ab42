import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { compileProcesses } from './compile-process.ts';

// Data of others, beside the work tree only: absent in a user's clone.
const conformance = new URL('../../../shared/conformance/', import.meta.url);

interface SpectorCase {
  file: string;
  valid: boolean;
}

/**
 * Broken rules that do not change what the engine does: back references from elements to flows (101, 107, 151), gateway
 * directions (018, 019, 135), a missing end event (105), attributes and data types that are only drawn (012, 013, 020, 024, 035,
 * 046-048, 063-065, 068-070, 094, 128), imports (002).
 */
const harmless = new Set('002 012 013 018 019 020 024 035 046 047 048 063 064 065 068 069 070 094 101 105 107 128 135 151'.split(' '));
/** What a valid model may be refused for: it uses what we do not run, or leaves out what an executable model needs. */
const falseAlarms = new Set([
  'FLOW_CROSSES_SCOPE',
  'FLOW_INTO_START',
  'FLOW_OUT_OF_END',
  'FLOW_INTO_BOUNDARY',
  'FLOW_DANGLING',
  'DUPLICATE_ID',
  'XML_MALFORMED',
  'DEFAULT_FLOW_INVALID',
  'EVENT_GATEWAY_TARGET',
  'BOUNDARY_NOT_ATTACHED',
]);

/** Files declare WINDOWS-1252 although they are plain ASCII. */
const read = (url: URL) => readFileSync(url, 'utf8').replace(/encoding="windows-1252"/i, 'encoding="UTF-8"');

// The models of others lie beside the repository, not in it: a clone without them has no such tests.
if (existsSync(conformance))
  describe('compileProcesses', () => {
    describe('when it reads the reference models of the interchange group', () => {
      it('neither throws nor takes long', async () => {
        const folder = new URL('miwg-reference/', conformance);
        const files = readdirSync(folder).filter((name) => name.endsWith('.bpmn'));
        assert.ok(files.length > 15);
        for (const file of files) {
          const startedAt = performance.now();
          await compileProcesses(read(new URL(file, folder)).replaceAll('isExecutable="false"', 'isExecutable="true"'), {
            checkExpression,
          });
          assert.ok(performance.now() - startedAt < 1_000, `${file} took too long`);
        }
      });
    });

    describe('when it reads models with known rule violations', () => {
      it('finds the violations and raises no false alarms', async function () {
        this.timeout(60_000);
        const list = new URL('bpmnspector/cases.json', conformance);
        const missed: string[] = [];
        const alarms: string[] = [];
        for (const { file, valid } of JSON.parse(readFileSync(list, 'utf8')) as SpectorCase[]) {
          const { problems } = await compileProcesses(read(new URL(`bpmnspector/resources/${file}`, conformance)), { checkExpression });
          if (!valid && problems.length === 0 && !harmless.has(file.slice(0, 3))) missed.push(file);
          if (valid)
            alarms.push(...problems.filter((problem) => falseAlarms.has(problem.code)).map((problem) => `${file}: ${problem.code}`));
        }
        assert.deepEqual({ missed, alarms }, { missed: [], alarms: [] });
      });
    });
  });
