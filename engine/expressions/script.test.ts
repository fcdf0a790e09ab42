import assert from 'node:assert/strict';
import { Failure } from '#engine/core/failure.ts';
import { createExpressions } from './create-expressions.ts';
import { loadScripts } from './script.ts';
import { aContext } from '#test/support/evaluation-context.ts';

const now = Date.UTC(2026, 10, 22, 16, 30);
const expressions = createExpressions({ now: () => now, sla: (_tenant, _class, step) => (step === 'dispatch' ? 'PT30M' : undefined) });
const values = { a: 2, list: [1, 2], elder: { name: '张' }, Math: 'hidden', slaClass: 'N1' };

const run = (source: string, context = aContext(values).context) => expressions.evaluate({ language: 'javascript', source }, context);

const results: [source: string, result: unknown][] = [
  ['a * 2', 4],
  ['const b = a + 1; b', 3],
  ['var a = 7; a', 7],
  ['a = 9; a', 9],
  ['elder.name', '张'],
  ['list.map((x) => x * a)', [2, 4]],
  ['({ n: a, nested: { list } })', { n: 2, nested: { list: [1, 2] } }],
  ['undefined', null],
  ['null', null],
  ["execution.getVariable('a')", 2],
  ["execution.getVariable('unknown')", null],
  ["execution.hasVariable('unknown')", false],
  ['execution.processBusinessKey', '120103-GD-1'],
  ['execution.getTenantId()', '120103'],
  ['now()', '2026-11-22T16:30:00.000Z'],
  ["sla('dispatch')", 'PT30M'],
  ['Math.max(1, 2)', 2],
  ['(async () => a + 1)()', 3],
  ['Promise.resolve(a).then((x) => x * 10)', 20],
  // a script changes its copy, not the process
  ["elder.name = 'x'; execution.getVariable('elder').name", '张'],
];

/** Ways out of a sandbox: each must find nothing of the host. */
const escapes = [
  'typeof process',
  'typeof require',
  'typeof module',
  'typeof globalThis.process',
  'typeof fetch',
  'typeof XMLHttpRequest',
  'typeof Buffer',
  'typeof setTimeout',
  'typeof WebAssembly',
  'typeof importScripts',
  'typeof std',
  'typeof os',
  'typeof __read',
  'typeof __write',
  "typeof Function('return this')().process",
  "typeof (0, eval)('this').process",
  "[].constructor.constructor('return typeof process')()",
  "typeof execution.getVariable.constructor('return this')().process",
  "typeof execution.getVariable('elder').constructor.constructor('return this')().process",
  "typeof (() => {}).constructor('return globalThis')().process",
  "(async () => {}).constructor('return typeof process')()",
  "typeof Reflect.get(globalThis, 'process')",
  'typeof Error.prepareStackTrace',
  'typeof new Proxy({}, {}).process',
  'typeof arguments',
  'typeof Deno',
  "import('node:fs').then((fs) => 'out', () => 'undefined')",
  "typeof execution.__proto__.constructor.constructor('return this')().process",
  "typeof now.constructor('return this')().require",
  "(() => { try { null.x } catch (e) { return typeof e.constructor.constructor('return this')().process } })()",
  "(() => { try { sla('unknown') } catch (e) { return typeof e.constructor.constructor('return this')().process } return 'undefined' })()",
  "typeof Object.getPrototypeOf(async function* () {}).constructor('return this')().process",
  "Object.getOwnPropertyNames(globalThis).filter((name) => /^__|process|require|module|fetch|Worker|load|print|read/.test(name)).join() || 'undefined'",
];

/** Ends with an error within the limits. */
const bombs: [what: string, source: string][] = [
  ['an endless loop', 'while (true) {}'],
  ['an endless loop that catches', 'for (;;) { try { while (true) {} } catch { } }'],
  ['a pattern bomb', '/^(a+)+$/.test("a".repeat(40) + "!")'],
  ['a huge array', 'new Array(1e9).fill(0)'],
  ['a growing array', 'const x = []; for (;;) x.push(new Array(1000).fill(1))'],
  ['a huge text', '"x".repeat(1e9)'],
  ['a doubling text', 'let s = "x"; for (;;) s += s'],
  ['endless recursion', '(function f() { f() })()'],
  ['endless promises', 'const f = () => Promise.resolve().then(f); f()'],
  ['a promise that is rejected', 'Promise.reject(new Error("no"))'],
  ['a promise that is never settled', 'new Promise(() => {})'],
  ['a promise that loops', 'Promise.resolve().then(() => { for (;;); }); 1'],
  ['an endless getter', 'JSON.stringify({ get a() { for (;;); } })'],
  ['an endless toJSON', '({ toJSON() { for (;;); } })'],
  ['deeply nested JSON', 'let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; o'],
  ['deeply nested source', 'eval("(".repeat(1e5))'],
  ['deeply nested lists', 'let o = []; for (let i = 0; i < 3e4; i++) o = [o]; String(o)'],
  ['a circular result', 'const o = {}; o.o = o; o'],
  ['a proxy without end', 'new Proxy({}, { ownKeys() { for (;;); } })'],
];

describe('script', () => {
  before(loadScripts);

  for (const [source, result] of results) {
    describe(`when it is ${source}`, () => {
      it(`gives ${JSON.stringify(result)}`, () => assert.deepEqual(run(source), result));
    });
  }

  describe('when it sets variables', () => {
    it('hands them to the execution as JSON', () => {
      const { context, written } = aContext(values);
      run("execution.setVariable('x', { n: [a] }); execution.setVariable('y', undefined)", context);
      assert.deepEqual(written, { x: { type: 'Json', value: { n: [2] } }, y: { type: 'Null', value: null } });
    });

    it('sets local ones and removes them', () => {
      const { context, written } = aContext(values);
      run("execution.setVariableLocal('x', 1); execution.removeVariable('a')", context);
      assert.deepEqual(written, { 'local x': { type: 'Integer', value: 1 }, a: undefined });
    });

    it('fails where only reading is allowed', () => {
      assert.throws(
        () => run("execution.setVariable('x', 1)", aContext(values, { readOnly: true }).context),
        (error) => error instanceof Failure && error.code === 'SCRIPT_FAILED',
      );
    });
  });

  describe('when it listens to a task', () => {
    it('reads and changes it', () => {
      const { context, changes } = aContext(values, { withTask: true });
      const result = run("task.setPriority(task.priority + 30); task.addCandidateUser('li'); [task.getAssignee(), task.eventName, task.execution.tenantId]", context);
      assert.deepEqual(result, ['wang', 'create', '120103']);
      assert.deepEqual(changes, { priority: 80, candidateUsers: ['li'] });
    });

    it('finds none elsewhere', () => assert.equal(run('typeof task'), 'undefined'));
  });

  describe('when it asks for a service level that does not exist', () => {
    it('fails with the cause', () =>
      assert.throws(
        () => run("sla('unknown')"),
        (error) => error instanceof Failure && error.code === 'SLA_NOT_FOUND',
      ));
  });

  describe('when it reads a name that is no variable', () => {
    it('fails', () => assert.throws(() => run('unknown + 1'), /SCRIPT_FAILED|unknown/));
  });

  for (const source of escapes) {
    describe(`when it tries ${source}`, () => {
      it('finds nothing of the host', () => {
        let found: unknown = 'undefined';
        try {
          found = run(source);
        } catch (error) {
          assert.ok(error instanceof Failure);
        }
        assert.equal(found, 'undefined');
      });
    });
  }

  for (const [what, source] of bombs) {
    describe(`when it is ${what}`, () => {
      it('ends with a failure', () => {
        const start = process.threadCpuUsage();
        assert.throws(
          () => run(source),
          // an engine that had to be thrown away would show as a cause
          (error) => error instanceof Failure && error.code === 'SCRIPT_FAILED' && error.cause === undefined,
        );
        // Processor time, as a busy machine needs longer: 100 ms are allowed, the rest is making and dropping the context.
        const { user, system } = process.threadCpuUsage(start);
        assert.ok(user + system < 150_000, `it took ${(user + system) / 1000} ms`);
      });
    });
  }

  describe('when scripts have failed before', () => {
    it('runs the next one in a fresh context', () => {
      assert.throws(() => run('globalThis.left = 1; Array.prototype.map = null; throw 1'));
      assert.equal(run('typeof left + typeof [].map'), 'undefinedfunction');
    });

    it('leaves the host’s prototypes alone', () => {
      run(
        'Object.prototype.polluted = 1; elder.__proto__.polluted = 2; execution.setVariable(\'x\', JSON.parse(\'{"__proto__": {"polluted": 3}}\'))',
      );
      assert.equal(({} as { polluted?: number }).polluted, undefined);
    });
  });
});
