import assert from 'node:assert/strict';
import type { ProcessModel } from '../model.ts';
import {
  aProcess,
  boundary,
  condition,
  duration,
  end,
  eventSubProcess,
  exclusive,
  externalTask,
  message,
  parallel,
  receiveTask,
  serviceTask,
  signal,
  type Specs,
  start,
  subProcess,
  userTask,
} from '#test/support/process-builder.ts';
import { checkPlan } from './check-plan.ts';
import { generateInstructions } from './generate-instructions.ts';
import type { MigrationInstruction } from './plan.ts';

const process = (children: Specs, flows: string[]) => aProcess('care', { begin: start(), ...children, over: end() }, flows);
const pairs = (source: ProcessModel, target: ProcessModel) =>
  generateInstructions(source, target, false).map(({ source: from, target: to }) => `${from} ${to}`);
const map = (source: string, target = source, updateEventTrigger = false): MigrationInstruction => ({ source, target, updateEventTrigger });
const codes = (source: ProcessModel, target: ProcessModel, ...instructions: MigrationInstruction[]) =>
  checkPlan(source, target, instructions).flatMap(({ problems }) => problems.map(({ code }) => code));

const one = process({ a: userTask() }, ['begin -> a -> over']);
const inSub = process({ sub: subProcess({ s: start(), a: userTask(), e: end() }, ['s -> a -> e']) }, ['begin -> sub -> over']);
const forked = (joinFlows: string[]) =>
  process({ fork: parallel(), a: userTask(), b: userTask(), c: userTask(), join: parallel() }, [
    'begin -> fork',
    ...joinFlows,
    'join -> over',
  ]);
const two = forked(['fork -> a -> join', 'fork -> b -> join']);
const three = forked(['fork -> a -> join', 'fork -> b -> join', 'fork -> c -> join']);
const looped = (sequential: boolean, children?: Specs) => {
  const multiInstance = { sequential, cardinality: { language: 'literal' as const, value: '3' } };
  const each = children
    ? subProcess(children, [`s -> ${Object.keys(children).find((id) => id !== 's')}`], { multiInstance })
    : userTask({ multiInstance });
  return process({ a: each }, ['begin -> a -> over']);
};

describe('the instructions of a migration plan', () => {
  describe('when they are generated', () => {
    it('map activities that have the same id', () => {
      const longer = process({ a: userTask({ name: 'another name' }), b: userTask() }, ['begin -> a -> b -> over']);
      assert.deepEqual(generateInstructions(one, longer, false), [{ source: 'a', target: 'a', updateEventTrigger: false }]);
    });

    it('leave out what has another type', () => {
      assert.deepEqual(pairs(one, process({ a: receiveTask('m') }, ['begin -> a -> over'])), []);
    });

    it('leave out what stands in another scope', () => {
      assert.deepEqual(pairs(one, inSub), []);
    });

    it('map scopes with what is inside them', () => {
      assert.deepEqual(pairs(inSub, inSub), ['sub sub', 'a a']);
    });

    it('leave out what no token ever waits at', () => {
      const model = process({ x: exclusive(), s: serviceTask(), later: serviceTask({ asyncBefore: true }), work: externalTask('t') }, [
        'begin -> x -> s -> later -> work -> over',
      ]);
      assert.deepEqual(pairs(model, model), ['later later', 'work work']);
    });

    it('map the body of a loop and its runs', () => {
      assert.deepEqual(pairs(looped(false), looped(false)), ['a#multiInstanceBody a#multiInstanceBody', 'a a']);
    });

    it('leave out a loop that has become sequential', () => {
      assert.deepEqual(pairs(looped(false), looped(true)), []);
    });

    it('leave out a join that has lost a flow', () => {
      assert.ok(pairs(two, three).includes('join join'));
      assert.ok(!pairs(three, two).includes('join join'));
    });

    it('map events that wait beside a scope, if they are of one kind', () => {
      const model = (late: 'timer' | 'message') =>
        process(
          {
            a: userTask(),
            late: boundary('a', late === 'timer' ? duration('PT1H') : message('late')),
            help: eventSubProcess({ called: start(signal('help')), answer: userTask() }, ['called -> answer']),
          },
          ['begin -> a -> over', 'late -> over'],
        );
      assert.deepEqual(pairs(model('timer'), model('timer')), ['a a', 'late late', 'help help', 'called called', 'answer answer']);
      assert.deepEqual(pairs(model('timer'), model('message')), ['a a', 'help help', 'called called', 'answer answer']);
    });

    it('update the triggers of events when asked to, those of conditions always', () => {
      const model = process({ a: userTask(), late: boundary('a', duration('PT1H')), ok: boundary('a', condition('${ok}')) }, [
        'begin -> a -> over',
        'late -> over',
        'ok -> over',
      ]);
      const updated = (all: boolean) =>
        generateInstructions(model, model, all)
          .filter(({ updateEventTrigger }) => updateEventTrigger)
          .map(({ source }) => source);
      assert.deepEqual(updated(false), ['ok']);
      assert.deepEqual(updated(true), ['late', 'ok']);
    });

    it('are valid', () => {
      for (const model of [one, inSub, two, looped(false), looped(true)])
        assert.deepEqual(checkPlan(model, model, generateInstructions(model, model, true)), []);
    });
  });

  describe('when they are checked', () => {
    it('name activities that exist', () => {
      assert.deepEqual(codes(one, one, map('x', 'a')), ['SOURCE_UNKNOWN']);
      assert.deepEqual(codes(one, one, map('a', 'x')), ['TARGET_UNKNOWN']);
      assert.deepEqual(codes(one, one, map('a#multiInstanceBody', 'a')), ['SOURCE_UNKNOWN']);
    });

    it('map an activity once', () => {
      assert.deepEqual(codes(two, two, map('a', 'a'), map('a', 'b')), ['MAPPED_TWICE', 'MAPPED_TWICE']);
    });

    it('map two activities to one, unless it is a join', () => {
      assert.deepEqual(codes(two, one, map('a', 'a'), map('b', 'a')), []);
      const joins = process({ fork: parallel(), a: userTask(), b: userTask(), join: parallel(), mid: parallel(), last: parallel() }, [
        'begin -> fork',
        'fork -> a -> join',
        'fork -> b -> join',
        'join -> mid',
        'mid -> last',
        'mid -> last',
        'last -> over',
      ]);
      assert.deepEqual(codes(joins, joins, map('join'), map('last', 'join')), ['GATEWAY_MAPPED_TWICE', 'GATEWAY_MAPPED_TWICE']);
    });

    it('keep the type of an activity', () => {
      assert.deepEqual(codes(one, process({ a: receiveTask('m') }, ['begin -> a -> over']), map('a')), ['TYPE_DIFFERS']);
      assert.deepEqual(codes(looped(false), looped(true), map('a#multiInstanceBody'), map('a')), ['TYPE_DIFFERS']);
    });

    it('keep the kind of an event', () => {
      const waiting = (event: ReturnType<typeof message>) =>
        process({ a: userTask(), e: boundary('a', event) }, ['begin -> a -> over', 'e -> over']);
      assert.deepEqual(codes(waiting(message('m')), waiting(signal('m')), map('a'), map('e')), ['EVENT_TYPE_DIFFERS']);
    });

    it('may put a scope around an activity or take it away', () => {
      assert.deepEqual(codes(one, inSub, map('a')), []);
      assert.deepEqual(codes(inSub, one, map('a')), []);
    });

    it('keep what is nested inside what it was nested in', () => {
      const beside = process({ sub: subProcess({ s: start(), x: userTask() }, ['s -> x']), a: userTask() }, ['begin -> sub -> a -> over']);
      assert.deepEqual(codes(inSub, beside, map('sub'), map('a')), ['ANCESTOR_DIFFERS']);
    });

    it('keep an event with its activity', () => {
      const at = (host: string) =>
        process({ a: userTask(), b: userTask(), e: boundary(host, message('m')) }, ['begin -> a -> b -> over', 'e -> over']);
      assert.deepEqual(codes(at('a'), at('b'), map('a'), map('b'), map('e')), ['EVENT_SCOPE_DIFFERS']);
      assert.deepEqual(codes(at('a'), at('a'), map('e')), ['EVENT_SCOPE_DIFFERS']);
    });

    it('update triggers of events only, and those of conditions always', () => {
      const model = process({ a: userTask(), e: boundary('a', condition('${ok}')) }, ['begin -> a -> over', 'e -> over']);
      assert.deepEqual(codes(model, model, map('a', 'a', true)), ['TRIGGER_MISSING']);
      assert.deepEqual(codes(model, model, map('a'), map('e')), ['CONDITION_NOT_UPDATED']);
    });

    it('put no loop around what runs, and take the runs of a loop with it', () => {
      assert.deepEqual(codes(one, looped(false), map('a')), ['LOOP_ADDED']);
      assert.deepEqual(codes(looped(false), looped(false), map('a#multiInstanceBody')), ['LOOP_RUN_NOT_MAPPED']);
      assert.deepEqual(codes(looped(false), one, map('a')), []);
    });

    it('keep the flows of a join, and the scope around it', () => {
      assert.deepEqual(codes(three, two, map('join')), ['GATEWAY_HAS_FEWER_FLOWS']);
      const joinInSub = process(
        {
          sub: subProcess({ s: start(), fork: parallel(), join: parallel(), e: end() }, [
            's -> fork',
            'fork -> join',
            'fork -> join',
            'join -> e',
          ]),
        },
        ['begin -> sub -> over'],
      );
      assert.deepEqual(codes(joinInSub, joinInSub, map('join')), ['GATEWAY_SCOPE_NOT_MAPPED']);
    });
  });
});
