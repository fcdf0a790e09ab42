import assert from 'node:assert/strict';
import { completeTask } from '#engine/core/commands/complete-task.ts';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import {
  aProcess,
  boundary,
  cancel,
  duration,
  end,
  error,
  eventSubProcess,
  exclusive,
  expr,
  externalTask,
  message,
  parallel,
  type Specs,
  start,
  subProcess,
  transaction,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';

/** Books, asks, and takes all back when the answer is no. `beside` runs in the transaction at the same time. */
const booking = (more: Specs = {}, flows: string[] = [], fields: object = {}, outside: Specs = {}, outsideFlows: string[] = []) =>
  scenario(
    corePorts([
      aProcess(
        'booking',
        {
          start: start(),
          deal: transaction(
            {
              s: start(),
              fork: parallel(),
              flight: userTask(),
              onFlight: undoneBy('flight', 'cancelFlight'),
              cancelFlight: userTask(),
              beside: userTask(),
              onBeside: undoneBy('beside', 'cancelBeside'),
              cancelBeside: userTask(),
              ask: userTask(),
              answer: exclusive(),
              done: end(),
              failed: end(cancel),
              ...more,
            },
            [
              's -> fork',
              'fork -> beside',
              'fork -> flight -> ask -> answer',
              'answer -> done if ${yes}',
              'answer -> failed default',
              ...flows,
            ],
            fields,
          ),
          canceled: boundary('deal', cancel),
          late: boundary('deal', duration('P1D')),
          after: userTask(),
          sorry: userTask(),
          phone: userTask(),
          end: end(),
          ...outside,
        },
        ['start -> deal -> after -> end', 'canceled -> sorry -> end', 'late -> phone', ...outsideFlows],
      ),
    ]),
  );

describe('a cancel end event', () => {
  it('cancels what is open, undoes what is completed, then leaves over the cancel boundary event', () => {
    const world = booking();
    world.start();
    world.complete('flight');
    const { lines } = world.complete('ask', { yes: false });
    assert.deepEqual(lines.slice(-8), [
      'ElementActivated failed',
      'UserTaskEnded beside canceled',
      'ElementCanceled beside',
      'JobCanceled',
      'CompensationTriggered',
      'CompensationStarted',
      'ElementActivated cancelFlight',
      'UserTaskCreated cancelFlight',
    ]);
    assert.deepEqual(world.active(), ['deal', 'failed', 'cancelFlight']);
    world.complete('cancelFlight');
    assert.deepEqual(world.active(), ['sorry']);
    assert.deepEqual(world.states()[0]?.compensations, []);
  });

  it('leaves at once when there is nothing to undo', () => {
    const world = booking({ quick: userTask() }, ['fork -> quick -> failed']);
    world.start();
    const { lines } = world.complete('quick');
    assert.deepEqual(world.active(), ['sorry']);
    assert.ok(lines.includes('ElementCompleted failed') && lines.includes('ElementCanceled deal'));
  });

  it('leaves nothing that a timer at the transaction could interrupt', () => {
    const world = booking();
    world.start();
    world.complete('flight');
    world.complete('ask', { yes: false });
    assert.deepEqual(world.jobsOf('late'), []);
  });

  it('leaves over the cancel boundary event, too, when nobody catches the error of a handler', () => {
    const world = booking({ cancelFlight: externalTask('cancel') });
    world.start();
    world.complete('flight');
    world.complete('ask', { yes: false });
    world.fail('cancelFlight', 'E-1');
    assert.deepEqual(world.active(), ['sorry']);
  });

  it('leaves over an error boundary event when a handler fails', () => {
    const world = booking({ cancelFlight: externalTask('cancel') }, [], {}, { hazard: boundary('deal', error()), repair: userTask() }, [
      'hazard -> repair',
    ]);
    world.start();
    world.complete('flight');
    world.complete('ask', { yes: false });
    world.fail('cancelFlight', 'E-1');
    assert.deepEqual(world.active(), ['repair']);
  });

  it('in an event sub-process of the transaction cancels that transaction', () => {
    const world = booking({
      wrong: eventSubProcess({ on: start(message('wrong')), note: userTask(), stop: end(cancel) }, ['on -> note -> stop']),
    });
    world.start();
    world.complete('flight');
    world.receive('on');
    world.complete('note');
    assert.deepEqual(world.active(), ['deal', 'wrong', 'stop', 'cancelFlight']);
    world.complete('cancelFlight');
    assert.deepEqual(world.active(), ['sorry']);
  });

  it('in a sub-process undoes what is completed there and in the transaction, the last one first', () => {
    const inner = subProcess(
      { s2: start(), car: userTask(), onCar: undoneBy('car', 'cancelCar'), cancelCar: userTask(), stop: end(cancel) },
      ['s2 -> car -> stop'],
    );
    const world = booking({ inner }, ['fork -> inner']);
    world.start();
    world.complete('car');
    assert.deepEqual(world.active(), ['deal', 'inner', 'stop', 'cancelCar']);
    world.complete('cancelCar');
    assert.deepEqual(world.active(), ['sorry']);
  });

  it('leaves alone what was completed inside a sub-process that is still open', () => {
    const inner = subProcess(
      { s2: start(), car: userTask(), onCar: undoneBy('car', 'cancelCar'), cancelCar: userTask(), pay: userTask() },
      ['s2 -> car -> pay'],
    );
    const world = booking({ inner }, ['fork -> inner']);
    world.start();
    world.complete('car');
    world.complete('flight');
    world.complete('ask', { yes: false });
    assert.deepEqual(world.active(), ['deal', 'failed', 'cancelFlight']);
  });

  it('undoes a completed sub-process of the transaction', () => {
    const inner = subProcess({ s2: start(), car: userTask(), onCar: undoneBy('car', 'cancelCar'), cancelCar: userTask() }, ['s2 -> car']);
    const world = booking({ inner }, ['fork -> inner']);
    world.start();
    world.complete('car');
    world.complete('flight');
    world.complete('ask', { yes: false });
    world.complete('cancelFlight');
    assert.deepEqual(world.active(), ['deal', 'failed', 'inner', 'cancelCar']);
    world.complete('cancelCar');
    assert.deepEqual(world.active(), ['sorry']);
  });

  it('of a nested transaction leaves the outer one alone', () => {
    const inner = transaction(
      { s2: start(), car: userTask(), onCar: undoneBy('car', 'cancelCar'), cancelCar: userTask(), stop: end(cancel) },
      ['s2 -> car -> stop'],
    );
    const world = booking({ inner, over: boundary('inner', cancel), noCar: userTask() }, ['fork -> inner', 'over -> noCar']);
    world.start();
    world.complete('flight');
    world.complete('car');
    world.complete('cancelCar');
    assert.deepEqual(new Set(world.active()), new Set(['ask', 'beside', 'deal', 'noCar']));
  });

  it('in one of several instances leaves them all, and undoes that one alone', () => {
    const world = booking({}, [], { multiInstance: { sequential: false, cardinality: expr('2') } });
    world.start();
    for (const { id } of world.instancesOf('flight')) world.perform(completeTask, { taskId: id });
    const [first] = world.instancesOf('ask');
    world.perform(completeTask, { taskId: first?.id ?? 0, variables: { yes: { type: 'Boolean', value: false } } });
    assert.equal(world.instancesOf('cancelFlight').length, 1);
    world.complete('cancelFlight');
    assert.deepEqual(world.active(), ['sorry']);
  });
});
