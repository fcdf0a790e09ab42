import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createCompiler } from './compiler.ts';
import type { Compiler } from './compiler.ts';

const sound = readFileSync(new URL('compile-process.complete.bpmn', import.meta.url), 'utf8');
/** As large as the guard allows: takes several times 100 ms. */
const large = sound.replace(
  '<bpmn:endEvent id="end" />',
  `<bpmn:endEvent id="end" />${Array.from({ length: 4_500 }, (_, i) => `<bpmn:task id="t${i}" />`).join('')}`,
);

describe('compiler', () => {
  let compiler: Compiler | null = null;
  afterEach(() => compiler?.close());

  describe('when a file is sound', () => {
    it('answers a frozen model from the worker', async () => {
      compiler = createCompiler();
      const { models, problems } = await compiler.compileProcesses(sound);
      assert.deepEqual(problems, []);
      assert.equal(models[0]?.model.key, 'complete');
      assert.ok(Object.isFrozen(models[0]?.model.elements));
    });
  });

  describe('when a file takes longer than the limit', () => {
    it('reports that, and compiles the next file in a new worker', async () => {
      // given
      compiler = createCompiler({ timeoutMs: 100 });
      // when
      const [slow, next] = await Promise.all([compiler.compileProcesses(large), compiler.compileDecisions('<!DOCTYPE x>')]);
      // then
      assert.deepEqual(
        slow.problems.map((problem) => problem.code),
        ['COMPILE_TIMEOUT'],
      );
      assert.deepEqual(
        next.problems.map((problem) => problem.code),
        ['XML_DOCTYPE'],
      );
    });
  });

  describe('when a stored file breaks a check that came after its deployment', () => {
    it('compiles it all the same', async () => {
      compiler = createCompiler();
      const lost = sound.replace('<bpmn:endEvent id="end" />', '<bpmn:endEvent id="end" /><bpmn:exclusiveGateway id="lost" />');
      assert.deepEqual((await compiler.compileProcesses(lost)).models, []);
      assert.equal((await compiler.recompileProcesses(lost)).models[0]?.model.key, 'complete');
    });
  });

  describe('when expressions and scripts of the file are wrong', () => {
    it('checks them too', async () => {
      compiler = createCompiler();
      const { problems } = await compiler.compileProcesses(sound.replace('visits.length', 'visits.').replace("kind == 'visit'", 'kind =='));
      assert.deepEqual(new Set(problems.map((problem) => problem.elementId)), new Set(['count', 'f4']));
    });
  });
});
