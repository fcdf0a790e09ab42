import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, sorted } from '#test/support/core-scenario.ts';
import { between, process, map, migrate, refusals, line, nested } from '#test/support/migration-scenario.ts';
import {
  boundary,
  duration,
  end,
  eventSubProcess,
  expr,
  inclusive,
  mapping,
  message,
  parallel,
  type Specs,
  start,
  subProcess,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import type { ProcessModel } from '../model.ts';
import { typed } from '../values.ts';

describe('the scopes of a migrated instance', () => {
  describe('when the new version has a sub-process around an activity', () => {
    it('begins it, with its inputs and its events', () => {
      const v2 = process(
        {
          sub: subProcess(
            {
              s: start(),
              a: userTask(),
              e: end(),
              help: eventSubProcess({ called: start(message('help')), answer: userTask() }, ['called -> answer']),
            },
            ['s -> a -> e'],
            { inputs: [mapping('given', '${x}')] },
          ),
          late: boundary('sub', duration('PT1H')),
          b: userTask(),
        },
        ['begin -> sub -> b -> over', 'late -> over'],
      );
      const s = between(line, v2);
      s.start({ x: 7 });
      migrate(s, [map('a')]);
      assert.deepEqual(s.active(), ['sub', 'a']);
      assert.equal(s.instancesOf('sub')[0]?.variables?.['given']?.value, 7);
      assert.deepEqual([s.jobsOf('late').length, s.subscriptionsOf('called').length], [1, 1]);
      s.complete('a');
      assert.deepEqual(s.active(), ['b']);
    });

    it('skips its inputs and listeners when asked to', () => {
      const listeners = [{ event: 'start' as const, expression: expr('${broken}') }];
      const v2 = process(
        { sub: subProcess({ s: start(), a: userTask() }, ['s -> a'], { inputs: [mapping('given', '${x}')], listeners }) },
        ['begin -> sub -> over'],
      );
      const s = between(line, v2);
      s.start({ x: 7 });
      migrate(s, [map('a')], { skipListeners: true, skipIoMappings: true });
      assert.equal(s.instancesOf('sub')[0]?.variables, undefined);
    });

    it('is one for all that ran side by side', () => {
      const sides: Specs = { fork: parallel(), a: userTask(), b: userTask(), join: parallel() };
      const flows = ['fork -> a -> join', 'fork -> b -> join'];
      const v1 = process(sides, ['begin -> fork', ...flows, 'join -> over']);
      const v2 = process(
        {
          outer: subProcess(
            { s: start(), inner: subProcess({ i: start(), ...sides, e: end() }, ['i -> fork', ...flows, 'join -> e']), z: end() },
            ['s -> inner -> z'],
          ),
        },
        ['begin -> outer -> over'],
      );
      const s = between(v1, v2);
      s.start();
      s.complete('a');
      migrate(s, [map('b'), map('join')]);
      assert.deepEqual(s.active(), ['outer', 'inner', 'b']);
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  describe('when a sub-process is gone in the new version', () => {
    it('what ran inside goes on in the scope around it', () => {
      const s = between(nested, line);
      s.start();
      const { lines } = migrate(s, [map('a'), map('b')]);
      assert.ok(lines.includes('ElementCanceled sub'));
      assert.deepEqual(s.active(), ['a']);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('takes its variables and events with it, and runs its end listeners', () => {
      const listeners = [{ event: 'end' as const, expression: expr('${note}') }];
      const v1 = process(
        {
          sub: subProcess({ s: start(), a: userTask() }, ['s -> a'], { inputs: [mapping('own', '${x}')], listeners }),
          late: boundary('sub', duration('PT1H')),
        },
        ['begin -> sub -> over', 'late -> over'],
      );
      const s = scenario(corePorts([v1, line], { '${note}': ({ execution }) => execution.setVariable?.('noted', typed(true)) }));
      s.start({ x: 1 });
      migrate(s, [map('a')]);
      assert.equal(s.variable('own'), undefined);
      assert.equal(s.variable('noted'), true);
      assert.deepEqual(s.states()[0]?.jobs, []);
    });

    it('several levels go at once', () => {
      const deep = process(
        { outer: subProcess({ s: start(), inner: subProcess({ i: start(), a: userTask() }, ['i -> a']) }, ['s -> inner']) },
        ['begin -> outer -> over'],
      );
      const s = between(deep, nested);
      s.start();
      migrate(s, [map('inner', 'sub'), map('a')]);
      assert.deepEqual(s.active(), ['sub', 'a']);
      const gone = between(deep, line);
      gone.start();
      migrate(gone, [map('a')]);
      assert.deepEqual(gone.active(), ['a']);
    });
  });

  describe('when tokens wait at a join', () => {
    const fork = (type: typeof parallel, branches: string[], join = 'join') =>
      process({ fork: type(), ...Object.fromEntries(branches.map((id) => [id, userTask()])), [join]: type(), next: userTask() }, [
        'begin -> fork',
        ...branches.map((id) => `fork -> ${id} -> ${join}`),
        `${join} -> next -> over`,
      ]);

    it('they wait for the others in the new version', () => {
      const s = between(fork(parallel, ['a', 'b']), fork(parallel, ['z', 'b', 'a']));
      s.start();
      s.complete('a');
      migrate(s);
      s.complete('b');
      assert.deepEqual(s.active(), []);
      assert.equal(s.states()[0]?.arrivals.length, 2);
    });

    it('they let it go on with the last', () => {
      const s = between(fork(parallel, ['a', 'b']), fork(parallel, ['b', 'a'], 'merge'));
      s.start();
      s.complete('a');
      migrate(s, [map('b'), map('join', 'merge')]);
      s.complete('b');
      assert.deepEqual(s.active(), ['next']);
    });

    it('an inclusive one is decided anew', () => {
      const v1 = fork(inclusive, ['a', 'b']);
      const v2 = process({ fork: inclusive(), a: userTask(), b: userTask(), join: inclusive(), next: userTask() }, [
        'begin -> fork',
        'fork -> a -> join',
        'fork -> b -> over',
        'begin -> join',
        'join -> next -> over',
      ]);
      const s = between(v1, v2);
      s.start();
      s.complete('a');
      migrate(s);
      assert.deepEqual(s.active(), ['b', 'next']);
    });

    it('the gateway has to be mapped', () => {
      const s = between(fork(parallel, ['a', 'b']), fork(parallel, ['a', 'b']));
      s.start();
      s.complete('a');
      assert.deepEqual(
        refusals(() => migrate(s, [map('b')])),
        ['ACTIVITY_NOT_MAPPED join'],
      );
    });
  });

  describe('when a loop runs', () => {
    const loop = (fields: object, more: object = {}) =>
      process(
        {
          first: userTask(),
          each: userTask({ multiInstance: { sequential: false, cardinality: expr('3'), ...fields }, ...more }),
          next: userTask(),
        },
        ['begin -> each -> next -> over'],
      );

    it('goes on with its items, and completes with the last', () => {
      const v2 = process({ each: userTask({ multiInstance: { sequential: false, cardinality: expr('9') } }), next: userTask() }, [
        'begin -> each -> next -> over',
      ]);
      const s = between(loop({}), v2);
      s.start();
      const tasks = () => s.instancesOf('each', ({ task }) => task !== undefined).map(({ id }) => id);
      s.completeById(tasks()[0] ?? 0);
      migrate(s);
      for (const id of tasks()) s.completeById(id);
      assert.deepEqual(s.active(), ['next']);
    });

    it('asks the completion condition of the new version', () => {
      const s = between(loop({}), loop({ completionCondition: expr('${nrOfCompletedInstances >= 2}') }));
      s.start();
      migrate(s);
      for (const { id } of s.instancesOf('each', ({ task }) => task !== undefined).slice(0, 2)) s.completeById(id);
      assert.deepEqual(s.active(), ['next']);
    });

    it('may go, and what its items are at stays', () => {
      const s = between(loop({}), process({ each: userTask(), next: userTask() }, ['begin -> each -> next -> over']));
      s.start();
      migrate(s, [map('each'), map('next')]);
      assert.deepEqual(s.active(), ['each', 'each', 'each']);
      s.completeById(s.instancesOf('each')[0]?.id ?? 0);
      assert.deepEqual(s.active(), ['each', 'each', 'next']);
    });

    it('keeps large loops apart only where nothing looks across their items', () => {
      const ports = (v2: ProcessModel) => Object.assign(corePorts([loop({}), v2]), { mostTogether: 2 });
      const s = scenario(ports(loop({ sequential: false })));
      s.start();
      assert.equal(s.instancesOf('each')[0]?.loop?.apart, true);
      migrate(s);
      assert.equal(s.instancesOf('each')[0]?.loop?.apart, true);
      const undoable = process(
        {
          first: userTask(),
          each: userTask({ multiInstance: { sequential: false, cardinality: expr('3') } }),
          u: undoneBy('each', 'undo'),
          undo: userTask({ isForCompensation: true }),
          next: userTask(),
        },
        ['begin -> each -> next -> over'],
      );
      const together = scenario(ports(undoable));
      together.start();
      migrate(together);
      assert.equal(together.instancesOf('each')[0]?.loop?.apart, undefined);
    });

    it('an added sub-process inside an item is one for each item', () => {
      const items = (children: Specs, flows: string[]) =>
        process(
          { each: subProcess({ s: start(), ...children }, flows, { multiInstance: { sequential: false, cardinality: expr('2') } }) },
          ['begin -> each -> over'],
        );
      const s = between(
        items({ a: userTask() }, ['s -> a']),
        items({ sub: subProcess({ t: start(), a: userTask() }, ['t -> a']) }, ['s -> sub']),
      );
      s.start();
      migrate(s, [map('each#multiInstanceBody'), map('each'), map('a')]);
      assert.deepEqual(sorted(s.active()), ['a', 'a', 'each', 'each', 'each', 'sub', 'sub']);
      for (const { id } of s.instancesOf('a')) s.completeById(id);
      assert.deepEqual(s.status(), ['ended']);
    });
  });
});
