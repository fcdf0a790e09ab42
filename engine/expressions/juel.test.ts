import assert from 'node:assert/strict';
import { Failure, NotLoaded } from '#engine/core/failure.ts';
import { checkExpression } from './check-expression.ts';
import { createExpressions } from './create-expressions.ts';
import { compileJuel } from './juel.ts';
import { aContext } from '#test/support/evaluation-context.ts';

const now = Date.UTC(2026, 10, 22, 16, 30);
const durations: Record<string, string> = { 'N1/dispatch': 'PT30M', 'E0/dispatch': 'PT5M' };
const expressions = createExpressions({
  now: () => now,
  sla: (tenant, slaClass, step) => (tenant === '120103' ? durations[`${slaClass}/${step}`] : undefined),
});

const values = {
  a: 2,
  zero: 0,
  name: '王',
  text: 'abc',
  number: '5',
  yes: true,
  yesText: 'TRUE',
  nothing: null,
  list: [1, 'two', { three: 3 }],
  none: [],
  elder: { name: '张', tags: ['独居'], 'home phone': '1' },
  level: 'E1',
  rules: [{ limit: 1 }, { limit: 2 }],
  one: [{ limit: 1 }],
  slaClass: 'N1',
  老人: '李',
};

const evaluate = (source: string, context = aContext(values).context) => expressions.evaluate({ language: 'juel', source }, context);
const fails = (source: string, code: string, context = aContext(values).context) =>
  assert.throws(
    () => evaluate(source, context),
    (error) => error instanceof Failure && error.code === code,
  );

const results: [source: string, result: unknown][] = [
  // templates
  ['plain', 'plain'],
  ['${a}', 2],
  ['#{a}', 2],
  ['工单 ${name}-#{a}!', '工单 王-2!'],
  ['\\${a} ${a}', '${a} 2'],
  ['${nothing}x', 'x'],
  ["${'}'}", '}'],
  // literals
  ['${1.5}', 1.5],
  ["${'it\\'s'}", "it's"],
  ['${"a"}', 'a'],
  ['${true}', true],
  ['${null}', null],
  // names and members
  ['${老人}', '李'],
  ['${elder.name}', '张'],
  ["${elder['home phone']}", '1'],
  ['${elder.tags[0]}', '独居'],
  ['${list[2].three}', 3],
  ['${elder.unknown}', null],
  ['${nothing.name}', null],
  ['${list[9]}', null],
  // arithmetic
  ['${1 + 2 * 3}', 7],
  ['${(1 + 2) * 3}', 9],
  ['${-a + 1}', -1],
  ['${7 % 4}', 3],
  ['${7 mod 4}', 3],
  ['${8 div 4 / 2}', 1],
  ['${number * 2}', 10],
  ['${number + 1}', 6],
  ["${text + 'd'}", 'abcd'],
  ["${'1' + '2'}", '12'],
  ['${nothing + 1}', 1],
  // comparison, also in words
  ['${a == 2 and a eq 2}', true],
  ['${a != 2 or a ne 2}', false],
  ['${a lt 3 && a < 3}', true],
  ['${a gt 3 || a > 3}', false],
  ['${a le 2 and a <= 2 and a ge 2 and a >= 2}', true],
  ['${number > 4}', true],
  ['${text lt "abd"}', true],
  ['${nothing == null}', true],
  ['${nothing < 1}', false],
  ["${yes == 'true'}", true],
  ['${yesText == true}', true],
  ["${a == '2'}", true],
  ['${text == 5}', false],
  ['${not yes}', false],
  ['${!yes}', false],
  ['${empty nothing and empty none and empty ""}', true],
  ['${not empty list}', true],
  ['${empty elder}', false],
  ["${a > 1 ? 'many' : 'one'}", 'many'],
  ["${a > 2 ? 'x' : a > 1 ? 'y' : 'z'}", 'y'],
  ['${yes or unknown}', true],
  // methods
  ['${list.size()}', 3],
  ["${list.contains('two')}", true],
  ['${list.get(0)}', 1],
  ['${text.length()}', 3],
  ["${text.startsWith('a') and text.endsWith('c') and text.contains('b')}", true],
  ['${text.toUpperCase().substring(1)}', 'BC'],
  ["${elder.containsKey('name')}", true],
  // a decision result
  ["${rules.getFirstResult().limit + rules.get(1).getEntry('limit')}", 3],
  ["${rules.collectEntries('limit')}", [1, 2]],
  ["${one.getSingleResult().limit + one.getSingleEntry() + one.getFirstResult().getSingleEntry()}", 3],
  ['${none.getSingleEntry()}', null],
  ["${elder.prop('name').stringValue()}", '张'],
  // execution and task
  ['${execution.processBusinessKey}', '120103-GD-1'],
  ['${execution.getProcessBusinessKey()}', '120103-GD-1'],
  ['${execution.tenantId}', '120103'],
  ["${execution.getVariable('a')}", 2],
  ["${execution.getVariable('unknown')}", null],
  ["${execution.hasVariable('unknown')}", false],
  ['${authenticatedUserId}', 'li'],
  ['${currentUser()}', 'li'],
  ['${execution.eventName}', null],
  // functions
  ['${now()}', '2026-11-22T16:30:00.000+0000'],
  // 00:30 of the next day in Shanghai
  ['${today()}', '2026-11-23'],
  ['${dateTime().plusDays(1).toDate()}', '2026-11-23T16:30:00.000+0000'],
  ['${dateTime().plusMonths(3).minusHours(1)}', '2027-02-22T15:30:00.000+0000'],
  ["${sla('dispatch')}", 'PT30M'],
  ["${sla('E0', 'dispatch')}", 'PT5M'],
];

const failures: [source: string, code: string][] = [
  ['${unknown}', 'UNKNOWN_VARIABLE'],
  ['${unknown == null}', 'UNKNOWN_VARIABLE'],
  ['${toString}', 'UNKNOWN_VARIABLE'],
  ['${__proto__}', 'UNKNOWN_VARIABLE'],
  ['${elder.__proto__}', 'EXPRESSION_FAILED'],
  ['${elder.constructor}', 'EXPRESSION_FAILED'],
  ["${elder['proto' + 'type']}", 'EXPRESSION_FAILED'],
  ["${text.constructor('return 1')}", 'EXPRESSION_FAILED'],
  ['${list.map(1)}', 'EXPRESSION_FAILED'],
  ['${rules.getSingleResult()}', 'EXPRESSION_FAILED'],
  ['${list.push(1)}', 'EXPRESSION_FAILED'],
  ['${text.length}', 'EXPRESSION_FAILED'],
  ['${text * 2}', 'EXPRESSION_FAILED'],
  ['${elder > 2}', 'EXPRESSION_FAILED'],
  ['${text ? 1 : 2}' /* 'abc' is false in JUEL */, ''],
  ["${sla('unknown')}", 'SLA_NOT_FOUND'],
  ['${task.assignee}', 'UNKNOWN_VARIABLE'],
  ['${externalTask.errorMessage}', 'UNKNOWN_VARIABLE'],
  ['${externalTask.setRetries(1)}', 'EXPRESSION_FAILED'],
  ["${execution.setAssignee('li')}", 'EXPRESSION_FAILED'],
  ['${dateTime().plusDays(1e20)}', 'EXPRESSION_FAILED'],
  ['${execution.processEngine}', 'EXPRESSION_FAILED'],
  ['${execution}', 'EXPRESSION_FAILED'],
  ['${execution.getProcessEngineServices()}', 'EXPRESSION_FAILED'],
  ['${eval("1")}', 'EXPRESSION_FAILED'],
];

describe('JUEL expression', () => {
  for (const [source, result] of results) {
    describe(`when it is ${source}`, () => {
      it(`gives ${JSON.stringify(result)}`, () => assert.deepEqual(evaluate(source), result));
    });
  }

  for (const [source, code] of failures.filter((failure) => failure[1] !== '')) {
    describe(`when it is ${source}`, () => {
      it(`fails with ${code}`, () => fails(source, code));
    });
  }

  describe('when a condition is a text other than true', () => {
    it('counts as false, as in JUEL', () => assert.equal(evaluate('${text ? 1 : 2}'), 2));
  });

  describe('when it writes a variable', () => {
    it('hands it to the execution', () => {
      const { context, written } = aContext(values);
      evaluate("${execution.setVariable('b', a * 2)}", context);
      assert.deepEqual(written, { b: { type: 'Integer', value: 4 } });
    });

    it('fails where only reading is allowed', () =>
      fails("${execution.setVariable('b', 1)}", 'EXPRESSION_FAILED', aContext(values, { readOnly: true }).context));
  });

  describe('when it writes and removes variables', () => {
    it('reaches the scope that it names', () => {
      const { context, written } = aContext(values);
      evaluate("${execution.setVariableLocal('b', dateTime())}${execution.removeVariable('a')}", context);
      assert.deepEqual(written, { 'local b': { type: 'Date', value: '2026-11-22T16:30:00.000+0000' }, a: undefined });
    });
  });

  describe('when it belongs to a user task', () => {
    const { context, changes } = aContext({}, { withTask: true });

    it('reads the task', () => {
      assert.equal(evaluate('${task.assignee}-${task.getName()}-${task.priority}-${task.taskDefinitionKey}', context), 'wang-派单-50-dispatch');
      assert.equal(evaluate('${task.dueDate > now() ? task.eventName : task.owner}', context), 'create');
      assert.equal(evaluate('${task.execution.processInstanceId}/${task.getExecution().getTenantId()}', context), '10/120103');
    });

    it('changes the task where a listener may', () => {
      evaluate("${task.setAssignee('li')}${task.setPriority(80)}${task.setDueDate(dateTime())}", context);
      evaluate("${task.addCandidateGroup('doctor')}${task.deleteCandidateUser('zhao')}${task.setOwner(null)}", context);
      assert.deepEqual(changes, {
        assignee: 'li',
        priority: 80,
        dueDate: '2026-11-22T16:30:00.000+0000',
        candidateGroups: ['doctor'],
        candidateUsers: '-zhao',
        owner: null,
      });
    });

    it('fails where only reading is allowed', () => {
      const { change: _change, ...task } = context.task as NonNullable<typeof context.task>;
      fails("${task.setAssignee('li')}", 'EXPRESSION_FAILED', { ...context, task });
    });
  });

  describe('when it belongs to an external task', () => {
    it('reads what the worker reports', () => {
      const externalTask = {
        id: '13',
        topicName: 'sms',
        workerId: 'w',
        retries: 2,
        priority: 0,
        errorMessage: 'no network',
        errorDetails: 'at line 7',
      };
      const context = { ...aContext().context, externalTask };
      assert.equal(evaluate("${externalTask.errorMessage == 'no network' && externalTask.retries gt 1}", context), true);
      assert.equal(evaluate("${externalTask.getErrorDetails().contains('line')}-${externalTask.workerId}", context), 'true-w');
    });
  });

  describe('when a name cannot be resolved', () => {
    it('says so in Camunda 7’s words', () => {
      assert.throws(() => evaluate('${x > 1}'), {
        code: 'UNKNOWN_VARIABLE',
        message: "Unknown property used in expression: ${x > 1}. Cause: Cannot resolve identifier 'x'",
      });
    });
  });

  describe('when a variable holds the text of an expression', () => {
    const hostile = ['${1 + 1}', "#{execution.setVariable('a', 1)}", '=1 + 1', "${''.getClass()}", '\\${a}', '}${a}'];

    for (const text of hostile) {
      it(`leaves ${text} a text`, () => {
        const { context, written } = aContext({ ...values, text, list: [text], elder: { [text]: text, name: text } });
        assert.equal(evaluate('${text}', context), text);
        assert.equal(evaluate('<${text}>', context), `<${text}>`);
        assert.equal(evaluate('${list[0]}', context), text);
        assert.equal(evaluate('${elder[text]}', context), text);
        assert.equal(evaluate("${text.concat('')}", context), text);
        assert.equal(evaluate('${execution.getVariable("text")}', context), text);
        assert.equal(evaluate('${text == elder.name}', context), true);
        assert.deepEqual(written, {});
      });
    }
  });

  describe('when it is evaluated again', () => {
    it('is not parsed again', () => assert.equal(compileJuel('${a + 1}'), compileJuel('${a + 1}')));
  });

  describe('when a variable is a date', () => {
    const { context } = aContext({}, { typedValues: { due: { type: 'Date', value: '2026-11-23T00:00:00.000+0800' } } });

    it('compares with now', () => assert.equal(evaluate('${due < now()}', context), true));
    it('compares with a date that became text', () =>
      assert.equal(evaluate("${'2026-11-22T15:00:00.000+0000' < due and due < '2026-11-22T17:00:00.000+0000'}", context), true));
    it('leaves as Camunda’s date text', () => assert.equal(evaluate('${due}', context), '2026-11-22T16:00:00.000+0000'));
  });

  describe('when a number was sent as text', () => {
    it('counts as a number', () => {
      const { context } = aContext({}, { typedValues: { n: { type: 'Long', value: '41' } } });
      assert.equal(evaluate('${n}', context), 41);
    });
  });

  describe('when the environment has to load something first', () => {
    it('lets that pass', () => {
      const loading = createExpressions({
        now: () => now,
        sla: () => {
          throw new NotLoaded({ kind: 'definition', key: 'sla' });
        },
      });
      for (const expression of [
        { language: 'juel', source: "${sla('N1', 'x')}" },
        { language: 'feel', source: 'sla("N1", "x")' },
      ] as const) {
        assert.throws(() => loading.evaluate(expression, aContext(values).context), NotLoaded);
      }
    });
  });

  describe('when a variable is a serialised object', () => {
    it('reads JSON', () => {
      const { context } = aContext(
        {},
        { typedValues: { o: { type: 'Object', value: '{"a":[1]}', info: { serializationDataFormat: 'application/json' } } } },
      );
      assert.equal(evaluate('${o.a[0]}', context), 1);
    });

    it('fails for Java serialisation', () => {
      const { context } = aContext(
        {},
        {
          typedValues: { o: { type: 'Object', value: 'rO0AB', info: { serializationDataFormat: 'application/x-java-serialized-object' } } },
        },
      );
      fails('${o}', 'VALUE_NOT_READABLE', context);
    });
  });

  describe('when it is checked for deployment', () => {
    for (const source of [
      '${',
      '${a',
      '${a +}',
      '${a b}',
      "${'a}",
      '${a.}',
      '${a[1}',
      '${f(1,}',
      '${system()}',
      '${}',
      `\${${'('.repeat(200)}a${')'.repeat(200)}}`,
      `\${${'!'.repeat(200)}a}`,
    ]) {
      it(`refuses ${source.slice(0, 20)}`, () => assert.equal(checkExpression({ language: 'juel', source })?.code, 'EXPRESSION_INVALID'));
    }

    it('refuses what is too long', () =>
      assert.equal(checkExpression({ language: 'juel', source: `\${${'a+'.repeat(6_000)}a}` })?.code, 'EXPRESSION_TOO_LONG'));
    it('refuses a chain that would exhaust the stack', () =>
      assert.equal(checkExpression({ language: 'juel', source: `\${${'a+'.repeat(4_000)}a}` })?.code, 'EXPRESSION_INVALID'));
    it('takes a long sum', () => assert.equal(checkExpression({ language: 'juel', source: `\${${'a+'.repeat(900)}a}` }), null));
  });
});
