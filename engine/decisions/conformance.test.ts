import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createExpressions } from '#engine/expressions/create-expressions.ts';
import { aContext } from '#test/support/evaluation-context.ts';
import { compileDecisions } from './compile-decisions.ts';
import { evaluateDecision } from './evaluate-decision.ts';
import type { DecisionModel } from './model.ts';

// Test cases of others, beside the work tree only: absent in a user's clone.
const kit = new URL('../../../shared/conformance/dmn-tck/', import.meta.url);

/** Folders about decision tables, literal expressions and requirements whose cases have plain values. */
const folders = `
  compliance-level-2/0001-input-data-string compliance-level-2/0002-input-data-number compliance-level-2/0003-input-data-string-allowed-values
  compliance-level-2/0004-simpletable-U compliance-level-2/0005-simpletable-A compliance-level-2/0006-simpletable-P1
  compliance-level-2/0007-simpletable-P2 compliance-level-2/0100-feel-constants compliance-level-2/0105-feel-math
  compliance-level-2/0106-feel-ternary-logic compliance-level-2/0111-first-hitpolicy-singleoutputcol
  compliance-level-2/0114-min-collect-hitpolicy compliance-level-2/0115-sum-collect-hitpolicy
  compliance-level-2/0116-count-collect-hitpolicy compliance-level-3/0017-tableTests compliance-level-3/0020-vacation-days`
  .trim()
  .split(/\s+/);

const expressions = createExpressions({ now: () => 0, sla: () => undefined });
const unescape = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** `<value xsi:type="xsd:decimal">1</value>`; undefined for lists and contexts, which these tests skip. */
function valueOf(node: string): unknown {
  if (/<component|<list/.test(node)) return undefined;
  const [, type = '', text = ''] = /<value[^>]*type="([^"]*)"[^>]*>([\s\S]*?)<\/value>/.exec(node) ?? [];
  if (type === '' || /nil="true"/.test(node)) return null;
  if (/boolean/.test(type)) return text === 'true';
  return /decimal|double|integer/.test(type) ? Number(text) : unescape(text);
}

function nodesOf(testCase: string, kind: 'inputNode' | 'resultNode'): [name: string, value: unknown][] {
  return [...testCase.matchAll(new RegExp(`<${kind}[^>]*name="([^"]*)"[^>]*>([\\s\\S]*?)</${kind}>`, 'g'))].map(
    ([, name = '', node = '']) => [unescape(name), valueOf(node)],
  );
}

function close(a: unknown, b: unknown): boolean {
  return typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) < 1e-8 * Math.max(1, Math.abs(b)) : a === b;
}

async function runFolder(folder: URL): Promise<{ checked: number; wrong: string[] }> {
  const files = readdirSync(folder);
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  const { models, problems } = await compileDecisions(read(files.find((name) => name.endsWith('.dmn')) ?? ''));
  const wrong = problems.map((problem) => problem.messages.en);
  let checked = 0;
  for (const [, testCase = ''] of files
    .filter((name) => name.endsWith('.xml'))
    .flatMap((name) => [...read(name).matchAll(/<testCase[ >]([\s\S]*?)<\/testCase>/g)])) {
    const inputs = nodesOf(testCase, 'inputNode');
    if (inputs.some(([, value]) => value === undefined)) continue;
    for (const [name, expected] of nodesOf(testCase, 'resultNode')) {
      const model = models.find((candidate) => candidate.name === name);
      if (!model || expected === undefined) continue;
      checked++;
      const actual = evaluate(model, Object.fromEntries(inputs));
      if (!close(actual, expected)) wrong.push(`${name}: expected ${JSON.stringify(expected)}, but got ${JSON.stringify(actual)}`);
    }
  }
  return { checked, wrong };
}

function evaluate(model: DecisionModel, inputs: Record<string, unknown>): unknown {
  const { results } = evaluateDecision(model, aContext(inputs).context, expressions);
  return results[0] ? Object.values(results[0])[0] : null;
}

// The kit lies beside the repository, not in it: a clone without it has no such tests.
if (existsSync(kit))
  describe('decision conformance', () => {
    for (const name of folders) {
      describe(`when it runs ${name}`, () => {
        it('gives the expected results', async () => {
          const { checked, wrong } = await runFolder(new URL(`${name}/`, kit));
          assert.deepEqual(wrong, []);
          assert.ok(checked > 0);
        });
      });
    }
  });
