import assert from 'node:assert/strict';
import { corePorts, NOW } from '#test/support/core-ports.ts';
import { scenario, sorted, vars, type Scenario } from '#test/support/core-scenario.ts';
import {
  adHoc,
  aProcess,
  boundary,
  callActivity,
  compensation,
  condition,
  cycle,
  duration,
  end,
  eventBased,
  catchEvent,
  eventSubProcess,
  expr,
  externalTask,
  inclusive,
  mapping,
  message,
  parallel,
  receiveTask,
  serviceTask,
  signal,
  type Specs,
  start,
  subProcess,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import { generateInstructions } from '../migration/generate-instructions.ts';
import type { MigrationInstruction } from '../migration/plan.ts';
import type { ProcessModel } from '../model.ts';
import { activateInstance } from './activate-instance.ts';
import { failExternalTask } from './fail-external-task.ts';
import { migrateInstance, type MigrateInstanceInput, MigrationRefused } from './migrate-instance.ts';
import { suspendInstance } from './suspend-instance.ts';

/** v1 is definition 1, v2 definition 2, what they call comes after. */
const between = (v1: ProcessModel, v2: ProcessModel, ...called: ProcessModel[]) => scenario(corePorts([v1, v2, ...called]));
const process = (children: Specs, flows: string[], fields: Record<string, unknown> = {}) =>
  aProcess('care', { begin: start(), over: end(), ...children }, flows, fields);
const map = (source: string, target = source, updateEventTrigger = false): MigrationInstruction => ({ source, target, updateEventTrigger });

function migrate(s: Scenario, instructions?: MigrationInstruction[], more: Partial<MigrateInstanceInput> = {}) {
  const plan = {
    sourceDefinitionId: 1,
    targetDefinitionId: 2,
    instructions: instructions ?? generateInstructions(s.ports.model(1), s.ports.model(2), false),
  };
  return s.perform(migrateInstance, { instanceId: s.states()[0]?.id ?? 0, plan, ...more });
}
function refusals(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof MigrationRefused) return error.problems.map(({ code, activity }) => `${code} ${activity}`);
    throw error;
  }
  return [];
}

const line = process({ a: userTask(), b: userTask() }, ['begin -> a -> b -> over']);
const nested = process({ sub: subProcess({ s: start(), a: userTask(), e: end() }, ['s -> a -> e']), b: userTask() }, [
  'begin -> sub -> b -> over',
]);

describe('migrateInstance', () => {
  describe('when an instance waits at a user task', () => {
    it('goes on in the new version, with the task as it is', () => {
      const v1 = process({ a: userTask({ assignee: expr('li'), name: 'old' }) }, ['begin -> a -> over']);
      const v2 = process({ first: userTask(), a: userTask({ assignee: expr('wang'), name: 'new' }), b: userTask() }, [
        'begin -> first -> a -> b -> over',
      ]);
      const s = between(v1, v2);
      s.start();
      const task = s.taskOf('a');
      migrate(s);
      assert.equal(s.states()[0]?.definitionId, 2);
      assert.equal(s.taskOf('a'), task);
      assert.deepEqual([s.instancesOf('a')[0]?.task?.assignee, s.instancesOf('a')[0]?.task?.name], ['li', 'old']);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('may map it to a task with another id', () => {
      const s = between(line, process({ x: userTask() }, ['begin -> x -> over']));
      s.start();
      migrate(s, [map('a', 'x')]);
      assert.deepEqual(s.active(), ['x']);
    });

    it('sets the variables of the plan in the process scope', () => {
      const s = between(line, line);
      s.start({ x: 1 });
      migrate(s, undefined, { variables: vars({ x: 2, y: 3 }) });
      assert.deepEqual([s.variable('x'), s.variable('y')], [2, 3]);
    });

    it('is refused where the task is not mapped, and nothing has changed', () => {
      const s = between(line, line);
      s.start();
      const before = structuredClone(s.states());
      assert.deepEqual(
        refusals(() => migrate(s, [map('b')])),
        ['ACTIVITY_NOT_MAPPED a'],
      );
      assert.deepEqual(s.states(), before);
    });

    it('is refused when it runs in another definition than the plan is for', () => {
      const s = between(line, line);
      s.start();
      migrate(s);
      assert.deepEqual(
        refusals(() => migrate(s)),
        ['DEFINITION_DIFFERS '],
      );
    });

    it('is refused when the plan is not valid', () => {
      const s = between(line, line);
      s.start();
      assert.throws(() => migrate(s, [map('a', 'x')]), { code: 'MIGRATION_PLAN_INVALID' });
    });

    it('starts the timers of timeout listeners that are new, and ends those that are gone', () => {
      const timeout = (text: string) => ({
        event: 'timeout' as const,
        expression: expr('${null}'),
        timer: { kind: 'duration' as const, expression: expr(text) },
      });
      const v1 = process({ a: userTask({ taskListeners: [timeout('PT1M')] }) }, ['begin -> a -> over']);
      const v2 = process({ a: userTask({ taskListeners: [timeout('PT2M'), timeout('PT3M')] }) }, ['begin -> a -> over']);
      const s = between(v1, v2);
      s.start();
      migrate(s);
      assert.deepEqual(
        s.jobsOf('a').map(({ listener, dueAt }) => [listener, dueAt - NOW]),
        [
          [0, 60_000],
          [1, 180_000],
        ],
      );
      const back = between(v2, v1);
      back.start();
      migrate(back);
      assert.deepEqual(
        back.jobsOf('a').map(({ listener }) => listener),
        [0],
      );
    });
  });

  describe('when an instance waits for a worker', () => {
    const v1 = process({ work: externalTask('old') }, ['begin -> work -> over']);
    const v2 = process({ work: externalTask('new'), next: userTask() }, ['begin -> work -> next -> over']);

    it('keeps the topic and the tries of its external task', () => {
      const s = between(v1, v2);
      s.start();
      const id = s.externalTaskOf('work');
      s.perform(failExternalTask, { taskId: id, workerId: 'w', retries: 2, retryTimeoutMs: 0, message: 'broken', details: null });
      migrate(s);
      assert.deepEqual(s.instancesOf('work')[0]?.externalTask, { topic: 'old', priority: 0, retries: 2, errorMessage: 'broken' });
      s.work('work');
      assert.deepEqual(s.active(), ['next']);
    });

    it('keeps its incident', () => {
      const s = between(v1, process({ other: userTask(), work: externalTask('t') }, ['begin -> other -> work -> over']));
      s.start();
      s.perform(failExternalTask, {
        taskId: s.externalTaskOf('work'),
        workerId: 'w',
        retries: 0,
        retryTimeoutMs: 0,
        message: 'broken',
        details: null,
      });
      migrate(s);
      const [state] = s.states();
      assert.equal(s.ports.model(2).elements[state?.incidents[0]?.element ?? 0]?.id, 'work');
      s.work('work');
      assert.deepEqual(s.states()[0]?.incidents, []);
    });
  });

  describe('when an instance is parked at an async continuation', () => {
    const async = (fields: Record<string, unknown>) =>
      process({ later: serviceTask(fields), next: userTask() }, ['begin -> later -> next -> over']);

    it('goes on with its job', () => {
      const s = between(async({ asyncBefore: true }), async({ asyncBefore: true, asyncAfter: true }));
      s.start();
      migrate(s);
      s.due('later');
      s.due('later');
      assert.deepEqual(s.active(), ['next']);
    });

    it('needs one in the new version too', () => {
      const before = between(async({ asyncBefore: true }), async({ asyncAfter: true }));
      before.start();
      assert.deepEqual(
        refusals(() => migrate(before)),
        ['NOT_ASYNC_BEFORE later'],
      );
      const after = between(async({ asyncAfter: true }), async({ asyncBefore: true }));
      after.start();
      assert.deepEqual(
        refusals(() => migrate(after)),
        ['NOT_ASYNC_AFTER later'],
      );
    });
  });

  describe('when events wait beside an activity', () => {
    const withEvent = (id: string, event: ReturnType<typeof message>) =>
      process({ a: userTask(), [id]: boundary('a', event), late: userTask() }, ['begin -> a -> over', `${id} -> late -> over`]);

    it('a timer keeps its due time', () => {
      const s = between(withEvent('e', duration('PT1H')), withEvent('e', duration('PT5H')));
      s.start();
      const [job] = s.jobsOf('e');
      s.ports.now += 60_000;
      migrate(s);
      assert.deepEqual(
        s.jobsOf('e').map(({ id, dueAt }) => [id, dueAt]),
        [[job?.id, NOW + 3_600_000]],
      );
      s.due('e');
      assert.deepEqual(s.active(), ['late']);
    });

    it('a timer begins anew when its trigger is updated', () => {
      const s = between(withEvent('e', duration('PT1H')), withEvent('e', duration('PT5H')));
      s.start();
      s.ports.now += 60_000;
      migrate(s, [map('a'), map('e', 'e', true)]);
      assert.deepEqual(
        s.jobsOf('e').map(({ dueAt }) => dueAt - s.ports.now),
        [5 * 3_600_000],
      );
    });

    it('a message keeps its name, unless its trigger is updated', () => {
      const names = (updateEventTrigger: boolean) => {
        const s = between(withEvent('e', message('old')), withEvent('e', message('new')));
        s.start();
        migrate(s, [map('a'), map('e', 'e', updateEventTrigger)]);
        return s.subscriptionsOf('e').map(({ name }) => name);
      };
      assert.deepEqual(names(false), ['old']);
      assert.deepEqual(names(true), ['new']);
    });

    it('what is not mapped ends, what is new begins to wait', () => {
      const s = between(withEvent('gone', signal('x')), withEvent('new', duration('PT2H')));
      s.start();
      const { lines } = migrate(s);
      assert.ok(lines.includes('SubscriptionClosed canceled'));
      assert.equal(s.states()[0]?.subscriptions.length, 0);
      s.due('new');
      assert.deepEqual(s.active(), ['late']);
    });

    it('a condition of the new version counts from now on', () => {
      const s = between(withEvent('e', condition('${x > 1}')), withEvent('e', condition('${x > 5}')));
      s.start({ x: 0 });
      migrate(s);
      s.set({ x: 3 });
      assert.deepEqual(s.active(), ['a']);
      s.set({ x: 6 });
      assert.deepEqual(s.active(), ['late']);
    });

    it('an event that has happened is not waited for again', () => {
      const reminded = process({ a: userTask(), e: boundary('a', duration('PT1H'), false), note: userTask() }, [
        'begin -> a -> over',
        'e -> note -> over',
      ]);
      const s = between(reminded, reminded);
      s.start();
      s.due('e');
      migrate(s);
      assert.deepEqual(s.jobsOf('e'), []);
    });

    it('a cycle goes on as before', () => {
      const reminded = process({ a: userTask(), e: boundary('a', cycle('R3/PT1H'), false), note: userTask() }, [
        'begin -> a -> over',
        'e -> note -> over',
      ]);
      const s = between(reminded, reminded);
      s.start();
      s.due('e');
      migrate(s);
      s.due('e');
      assert.deepEqual(s.active(), ['a', 'note', 'note']);
    });

    it('may move to where its activity went', () => {
      const v2 = process(
        { sub: subProcess({ s: start(), a: userTask(), e: boundary('a', message('m')), late: userTask() }, ['s -> a', 'e -> late']) },
        ['begin -> sub -> over'],
      );
      const s = between(withEvent('e', message('m')), v2);
      s.start();
      migrate(s, [map('a'), map('e')]);
      s.receive('e');
      assert.deepEqual(s.active(), ['sub', 'late']);
    });
  });

  describe('when an instance has event sub-processes', () => {
    const helped = (id: string, event = message('help'), interrupting = true) =>
      process(
        { a: userTask(), [id]: eventSubProcess({ called: start(event, { interrupting }), answer: userTask() }, ['called -> answer']) },
        ['begin -> a -> over'],
      );

    it('keeps what waits, opens what is new and closes what is gone', () => {
      const kept = between(helped('help'), helped('help'));
      kept.start();
      const [subscription] = kept.subscriptionsOf('called');
      migrate(kept);
      assert.deepEqual(
        kept.subscriptionsOf('called').map(({ id }) => id),
        [subscription?.id],
      );
      const opened = between(line, helped('help'));
      opened.start();
      migrate(opened);
      opened.receive('called');
      assert.deepEqual(opened.active(), ['help', 'answer']);
      const closed = between(helped('help'), line);
      closed.start();
      migrate(closed);
      assert.deepEqual(closed.states()[0]?.subscriptions, []);
    });

    it('one that runs goes on', () => {
      const s = between(helped('help'), helped('help', signal('help')));
      s.start();
      s.receive('called');
      migrate(s);
      assert.deepEqual(s.states()[0]?.subscriptions, []);
      s.complete('answer');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('what one has interrupted waits for nothing new', () => {
      const v2 = process(
        {
          a: userTask(),
          help: eventSubProcess({ called: start(message('help')), answer: userTask() }, ['called -> answer']),
          more: eventSubProcess({ again: start(message('more')), reply: userTask() }, ['again -> reply']),
        },
        ['begin -> a -> over'],
      );
      const s = between(helped('help'), v2);
      s.start();
      s.receive('called');
      migrate(s);
      assert.deepEqual(s.states()[0]?.subscriptions, []);
    });
  });

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
      const s = scenario(corePorts([v1, line], { '${note}': ({ execution }) => execution.setVariable?.('noted', true) }));
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

  describe('when an event-based gateway waits', () => {
    const race = (...events: [string, ReturnType<typeof message>][]) =>
      process({ gw: eventBased(), ...Object.fromEntries(events.map(([id, event]) => [id, catchEvent(event)])), next: userTask() }, [
        'begin -> gw',
        ...events.map(([id]) => `gw -> ${id} -> next`),
        'next -> over',
      ]);

    it('keeps the events that are mapped, closes the others and opens the new ones', () => {
      const s = between(race(['m', message('m')], ['x', signal('x')]), race(['t', duration('PT1H')], ['m', message('m')]));
      s.start();
      migrate(s);
      assert.deepEqual([s.subscriptionsOf('m').length, s.states()[0]?.subscriptions.length, s.jobsOf('t').length], [1, 1, 1]);
      s.receive('m');
      assert.deepEqual(s.active(), ['next']);
    });
  });

  describe('when a receive task waits', () => {
    it('goes on by the message it waited for', () => {
      const s = between(
        process({ r: receiveTask('old') }, ['begin -> r -> over']),
        process({ r: receiveTask('new'), b: userTask() }, ['begin -> r -> b -> over']),
      );
      s.start();
      migrate(s);
      assert.equal(s.subscriptionsOf('r')[0]?.name, 'old');
      s.receive('r');
      assert.deepEqual(s.active(), ['b']);
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

  describe('when something is completed that can be undone', () => {
    const undoable = (handler: string | null, around = false) => {
      const parts: Specs = {
        book: userTask(),
        ...(handler !== null && { u: undoneBy('book', handler), [handler]: userTask({ isForCompensation: true }) }),
        wait: userTask(),
        revert: throwEvent(compensation()),
      };
      return around
        ? process({ sub: subProcess({ s: start(), ...parts, e: end() }, ['s -> book -> wait -> revert -> e']) }, ['begin -> sub -> over'])
        : process(parts, ['begin -> book -> wait -> revert -> over']);
    };

    it('is undone by the handler of the new version', () => {
      const s = between(undoable('cancelBooking'), undoable('undoBooking'));
      s.start();
      s.complete('book');
      migrate(s);
      s.complete('wait');
      assert.deepEqual(s.active(), ['revert', 'undoBooking']);
      s.complete('undoBooking');
      assert.deepEqual(s.status(), ['ended']);
    });

    it('goes with what runs into a sub-process that is new', () => {
      const s = between(undoable('undo'), undoable('undo', true));
      s.start();
      s.complete('book');
      migrate(s, [map('book'), map('wait')]);
      s.complete('wait');
      assert.deepEqual(s.active(), ['sub', 'revert', 'undo']);
    });

    it('stays what it is when the sub-process around it goes', () => {
      const s = between(undoable('undo', true), undoable('undo'));
      s.start();
      s.complete('book');
      migrate(s, [map('book'), map('wait')]);
      s.complete('wait');
      assert.deepEqual(s.active(), ['revert', 'undo']);
    });

    it('needs a handler in the new version', () => {
      const s = between(undoable('undo'), undoable(null));
      s.start();
      s.complete('book');
      assert.deepEqual(
        refusals(() => migrate(s, [map('book'), map('wait')])),
        ['COMPENSATION_HANDLER_LOST book'],
      );
      assert.deepEqual(
        refusals(() => migrate(s, [map('wait')])),
        ['COMPENSATION_NOT_MAPPED book'],
      );
    });

    it('goes on being undone', () => {
      const s = between(undoable('undo'), undoable('undo'));
      s.start();
      s.complete('book');
      s.complete('wait');
      migrate(s);
      s.complete('undo');
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  describe('when an instance has called another', () => {
    const called = aProcess('called', { s: start(), inside: userTask(), e: end() }, ['s -> inside -> e']);

    it('the called one stays in its version and comes back into the new one', () => {
      const v1 = process({ call: callActivity('called') }, ['begin -> call -> over']);
      const v2 = process({ x: userTask(), call: callActivity('called'), b: userTask() }, ['begin -> x -> call -> b -> over']);
      const s = between(v1, v2, called);
      s.start();
      migrate(s);
      assert.deepEqual(
        s.states().map(({ definitionId }) => definitionId),
        [2, 3],
      );
      s.complete('inside');
      assert.deepEqual(s.active(), ['b']);
    });
  });

  describe('when an ad-hoc sub-process is open', () => {
    it('goes on with what waits for its turn', () => {
      const free = (...ids: string[]) =>
        process(
          { free: adHoc(Object.fromEntries(ids.map((id) => [id, userTask()])), [], { sequential: true, activeElements: expr('a,b') }) },
          ['begin -> free -> over'],
        );
      const s = between(free('a', 'b'), free('c', 'b', 'a'));
      s.start();
      migrate(s);
      s.complete('a');
      s.complete('b');
      assert.deepEqual(s.status(), ['ended']);
      const gone = between(free('a', 'b'), free('a', 'c'));
      gone.start();
      assert.deepEqual(
        refusals(() => migrate(gone)),
        ['WAITING_ACTIVITY_NOT_MAPPED free'],
      );
    });
  });

  describe('when an instance is suspended', () => {
    it('is migrated, and its joins go on when it is activated', () => {
      const v1 = process({ fork: inclusive(), a: userTask(), b: userTask(), join: inclusive(), next: userTask() }, [
        'begin -> fork',
        'fork -> a -> join',
        'fork -> b -> join',
        'join -> next -> over',
      ]);
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
      const instanceId = s.states()[0]?.id ?? 0;
      s.perform(suspendInstance, { instanceId });
      migrate(s);
      assert.deepEqual([s.status(), s.active()], [['suspended'], ['b']]);
      s.perform(activateInstance, { instanceId });
      assert.deepEqual(s.active(), ['b', 'next']);
    });
  });
});
