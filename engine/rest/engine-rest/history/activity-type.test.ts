import assert from 'node:assert/strict';
import {
  aProcess,
  boundary,
  cancel,
  compensation,
  end,
  eventSubProcess,
  start,
  throwEvent,
  transaction,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import { activityType, storedType } from './activity-type.ts';

describe('the type of an activity in history', () => {
  const model = aProcess(
    'p',
    {
      begin: start(),
      deal: transaction(
        {
          s: start(),
          book: userTask(),
          on: undoneBy('book', 'unbook'),
          unbook: userTask(),
          stop: end(cancel),
          sorry: eventSubProcess({ onUndo: start(compensation()) }, []),
        },
        ['s -> book -> stop'],
      ),
      canceled: boundary('deal', cancel),
      undo: throwEvent(compensation()),
      last: end(compensation()),
    },
    ['begin -> deal -> undo -> last'],
  );
  const typeOf = (id: string) => {
    const element = model.elements[model.indexById[id] as number];
    return activityType(element?.type ?? '', element);
  };

  it('is that of Camunda 7 for compensation and transactions', () => {
    const names = {
      deal: 'transaction',
      on: 'compensationBoundaryCatch',
      onUndo: 'compensationStartEvent',
      undo: 'intermediateCompensationThrowEvent',
      last: 'compensationEndEvent',
      stop: 'cancelEndEvent',
      canceled: 'cancelBoundaryCatch',
    };
    assert.deepEqual(Object.fromEntries(Object.keys(names).map((id) => [id, typeOf(id)])), names);
  });

  it('can be asked for by its name', () => {
    assert.equal(storedType('transaction'), 'bpmn:Transaction');
  });
});
