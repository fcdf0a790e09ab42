import assert from 'node:assert/strict';
import { type Scenario, sorted, startProcess } from '#test/support/core-scenario.ts';
import {
  allOf,
  anyOf,
  boundary,
  catchEvent,
  condition,
  cycle,
  duration,
  end,
  error,
  escalation,
  eventBased,
  eventSubProcess,
  externalTask,
  message,
  signal,
  start,
  subProcess,
  throwEvent,
  userTask,
} from '#test/support/process-builder.ts';
import { correlateMessage } from '../commands/correlate-message.ts';
import { executeJob } from '../commands/execute-job.ts';

function receive(s: Scenario, name: string, variables: Record<string, unknown> = {}) {
  const id = s.states()[0]?.subscriptions.find((open) => open.name === name)?.id ?? 0;
  const typedOnes = Object.fromEntries(
    Object.entries(variables).map(([key, value]) => [key, { type: 'Integer' as const, value: value as number }]),
  );
  return s.perform(correlateMessage, { subscriptionId: id, variables: typedOnes });
}
const open = (s: Scenario) => [s.states()[0]?.subscriptions.length, s.states()[0]?.jobs.length];

describe('multiple event', () => {
  const three = [message('m'), signal('g'), duration('PT1H')] as const;

  describe('when any one of its events comes', () => {
    for (const by of ['m', 'g', 'timer']) {
      it(`goes on with ${by} and no longer waits for the others`, () => {
        const s = startProcess({ s: start(), wait: catchEvent(anyOf(...three, condition('${x > 3}'))), after: userTask() }, [
          's -> wait -> after',
        ]);
        if (by === 'timer') s.due('wait');
        else receive(s, by);
        assert.deepEqual([s.active(), open(s)], [['after'], [0, 0]]);
      });
    }

    it('interrupts the host of a boundary event, or stays with it', () => {
      const on = (interrupting: boolean) =>
        startProcess({ s: start(), host: userTask(), edge: boundary('host', anyOf(...three), interrupting), other: userTask() }, [
          's -> host',
          'edge -> other',
        ]);
      const gone = on(true);
      receive(gone, 'g');
      assert.deepEqual([gone.active(), open(gone)], [['other'], [0, 0]]);
      const kept = on(false);
      receive(kept, 'g');
      receive(kept, 'm');
      assert.deepEqual(
        [kept.active(), open(kept)],
        [
          ['host', 'other', 'other'],
          [2, 1],
        ],
      );
    });

    it('catches an error or an escalation by the one that fits', () => {
      const s = startProcess(
        {
          s: start(),
          host: externalTask('t'),
          edge: boundary('host', anyOf(error('E-1', { codeVariable: 'code' }), signal('g'))),
          other: userTask(),
        },
        ['s -> host', 'edge -> other'],
      );
      s.fail('host', 'E-1');
      assert.deepEqual([s.active(), s.variable('code')], [['other'], 'E-1']);
    });

    it('starts an event sub-process', () => {
      const s = startProcess(
        { s: start(), host: userTask(), aside: eventSubProcess({ on: start(anyOf(...three)), work: userTask() }, ['on -> work']) },
        ['s -> host'],
      );
      receive(s, 'm');
      assert.deepEqual(
        [s.active(), open(s)],
        [
          ['aside', 'work'],
          [0, 0],
        ],
      );
    });

    it('wins behind an event-based gateway', () => {
      const s = startProcess(
        {
          s: start(),
          race: eventBased(),
          a: catchEvent(anyOf(message('m'), signal('g'))),
          b: catchEvent(duration('PT1H')),
          after: userTask(),
        },
        ['s -> race -> a -> after', 'race -> b'],
      );
      receive(s, 'g');
      assert.deepEqual([s.active(), open(s)], [['after'], [0, 0]]);
    });
  });

  describe('when it waits for all of its events', () => {
    it('goes on with the last one and keeps what each has brought', () => {
      const s = startProcess({ s: start(), wait: catchEvent(allOf(message('m'), signal('g'), duration('PT1H'))), after: userTask() }, [
        's -> wait -> after',
      ]);
      receive(s, 'g', { a: 1 });
      s.due('wait');
      assert.deepEqual(s.active(), ['wait']);
      receive(s, 'm', { b: 2 });
      assert.deepEqual([s.active(), s.variable('a'), s.variable('b')], [['after'], 1, 2]);
    });

    it('counts a condition that is true from the beginning', () => {
      const s = startProcess(
        { s: start(), wait: catchEvent(allOf(message('m'), condition('${x > 3}'))), after: userTask() },
        ['s -> wait -> after'],
        { x: 4 },
      );
      assert.deepEqual([s.active(), open(s)], [['wait'], [1, 0]]);
      receive(s, 'm');
      assert.deepEqual(s.active(), ['after']);
    });

    it('is due once per round when one of them is a timer with a cycle', () => {
      const s = startProcess(
        { s: start(), host: userTask(), edge: boundary('host', allOf(message('m'), cycle('R3/PT1M')), false), other: userTask() },
        ['s -> host', 'edge -> other'],
      );
      s.due('edge');
      assert.deepEqual([s.active(), open(s)], [['host'], [1, 0]]);
      receive(s, 'm');
      assert.deepEqual(
        [s.active(), open(s)],
        [
          ['host', 'other'],
          [1, 1],
        ],
      );
    });

    it('waits for all of them again when it does not interrupt', () => {
      const s = startProcess(
        { s: start(), host: userTask(), edge: boundary('host', allOf(message('m'), signal('g')), false), other: userTask() },
        ['s -> host', 'edge -> other'],
      );
      receive(s, 'm');
      assert.deepEqual(s.active(), ['host']);
      receive(s, 'g');
      assert.deepEqual(
        [s.active(), open(s)],
        [
          ['host', 'other'],
          [2, 0],
        ],
      );
      receive(s, 'g');
      receive(s, 'm');
      assert.deepEqual(s.active(), ['host', 'other', 'other']);
    });
  });

  describe('when it is thrown', () => {
    it('throws all, and is done when its messages are delivered', () => {
      const s = startProcess(
        { s: start(), all: throwEvent(anyOf(message('m1'), signal('g'), escalation('E-1'), message('m2'))), after: userTask() },
        ['s -> all -> after'],
      );
      const types = s.history.map(({ type }) => type);
      assert.ok(types.includes('SignalThrown') && types.includes('EscalationThrown'));
      const jobs = s.jobsOf('all');
      assert.deepEqual(sorted(jobs.map(({ message: sent }) => sent?.name)), ['m1', 'm2']);
      s.perform(executeJob, { jobId: jobs[0]?.id ?? 0 });
      assert.deepEqual(s.active(), ['all']);
      s.perform(executeJob, { jobId: jobs[1]?.id ?? 0 });
      assert.deepEqual(s.active(), ['after']);
    });

    it('takes its messages back when its escalation interrupts it', () => {
      const scope = subProcess({ ss: start(), all: throwEvent(anyOf(escalation('E-1'), message('m'), escalation('E-1'))) }, ['ss -> all']);
      const s = startProcess({ s: start(), scope, edge: boundary('scope', escalation('E-1')), other: userTask() }, [
        's -> scope',
        'edge -> other',
      ]);
      assert.deepEqual([s.active(), open(s)], [['other'], [0, 0]]);
      assert.equal(s.history.filter(({ type }) => type === 'EscalationThrown').length, 1);
    });

    it('ends the path at an end event', () => {
      const s = startProcess({ s: start(), all: end(anyOf(signal('a'), signal('b'))) }, ['s -> all']);
      assert.deepEqual(s.status(), ['ended']);
    });
  });

  describe('when it starts an event sub-process', () => {
    const started = (event: Parameters<typeof start>[0], interrupting: boolean) =>
      startProcess(
        {
          s: start(),
          main: userTask(),
          aside: eventSubProcess({ come: start(event, { interrupting }), other: userTask() }, ['come -> other']),
        },
        ['s -> main'],
      );

    it('takes the scope over with the first that comes', () => {
      const s = started(anyOf(...three), true);
      receive(s, 'm');
      assert.deepEqual(
        [sorted(s.active()), open(s)],
        [
          ['aside', 'other'],
          [0, 0],
        ],
      );
    });

    it('runs beside the scope with each that comes', () => {
      const s = started(anyOf(...three), false);
      receive(s, 'm');
      receive(s, 'g');
      assert.deepEqual(
        [sorted(s.active()), open(s)],
        [
          ['aside', 'aside', 'main', 'other', 'other'],
          [2, 1],
        ],
      );
      s.complete('main');
    });

    it('waits for all of a parallel multiple', () => {
      const s = started(allOf(message('m'), signal('g')), true);
      receive(s, 'm');
      assert.deepEqual(s.active(), ['main']);
      receive(s, 'g');
      assert.deepEqual(sorted(s.active()), ['aside', 'other']);
    });

    it('waits for all of them again beside the scope', () => {
      const s = started(allOf(message('m'), signal('g')), false);
      for (const name of ['m', 'g', 'g', 'm']) receive(s, name);
      assert.deepEqual(sorted(s.active()), ['aside', 'aside', 'main', 'other', 'other']);
    });
  });
});
