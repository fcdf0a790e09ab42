import assert from 'node:assert/strict';
import { dialects } from '#test/support/dialects.ts';
import {
  aProcess,
  compensation,
  end,
  expr,
  mapping,
  start,
  subProcess,
  throwEvent,
  undoneBy,
  userTask,
} from '#test/support/process-builder.ts';
import { storeWorld, type StoreWorld } from '#test/support/store-world.ts';
import { loadByInstance } from './instance-store.ts';
import type { Store } from './open-store.ts';
import { rebuildInstance, replayedState } from './rebuild.ts';

const rooms = { sequential: false, collection: expr('rooms'), elementVariable: 'room' };
const trip = aProcess(
  'trip',
  {
    begin: start(),
    book: subProcess(
      { s: start(), hotel: userTask({ multiInstance: rooms }), on: undoneBy('hotel', 'cancelHotel'), cancelHotel: userTask(), e: end() },
      ['s -> hotel -> e'],
      { inputs: [mapping('note', '${note}')] },
    ),
    decide: userTask(),
    undo: throwEvent(compensation()),
    finish: end(),
  },
  ['begin -> book -> decide -> undo -> finish'],
);

for (const dialect of dialects()) {
  dialect.describe('compensation in the store', () => {
    let store: Store;
    let world: StoreWorld;
    let id: number;
    before(async function () {
      this.timeout(60_000);
      store = await dialect.open();
      world = await storeWorld(store, [trip]);
    });
    after(() => store.close());
    beforeEach(async () => {
      // A value this large lies beside the state.
      ({ instanceId: id } = await world.start({ rooms: ['101', '102'], note: '长'.repeat(9_000) }));
      for (const task of await world.tasksAt('hotel')) await world.complete(task);
    });

    const stateOf = async () => (await store.query(loadByInstance(id)))?.instances.get(id)?.state;
    const bookNote = async () => (await stateOf())?.elements.find(({ phase }) => phase === 'compensating')?.variables?.['note']?.value;
    async function decide(): Promise<void> {
      const [task] = await world.tasksAt('decide');
      await world.complete(task ?? 0);
    }

    it('keeps what can be undone, as the events tell it', async () => {
      const state = await stateOf();
      assert.equal(state?.compensations.length, 4);
      assert.deepEqual((await store.query(replayedState(id)))?.state, state);
      await decide();
    });

    it('undoes with the variables of then, and leaves only the handlers in the history', async () => {
      await decide();
      assert.equal(await bookNote(), '长'.repeat(9_000));
      assert.deepEqual((await store.query(replayedState(id)))?.state, await stateOf());
      for (const task of await world.tasksAt('cancelHotel')) await world.complete(task);
      assert.equal(await stateOf(), undefined);
      const rows = await store.read('SELECT element, element_type FROM history_activity WHERE instance_id = ? ORDER BY seq', [id]);
      const history = rows.map(({ element, element_type: type }) =>
        type === 'multiInstanceBody' ? `${String(element)} body` : String(element),
      );
      assert.deepEqual(history, [
        'begin',
        's',
        'hotel',
        'hotel',
        'hotel body',
        'e',
        'book',
        'decide',
        'cancelHotel',
        'cancelHotel',
        'undo',
        'finish',
      ]);
    });

    it('is the same after a rebuild in the middle', async () => {
      await decide();
      const before = await stateOf();
      await store.batcher.run({ key: null, name: 'rebuild' }, (writes) => rebuildInstance(writes, id, () => trip, world.ports.now));
      assert.deepEqual(await stateOf(), before);
      for (const task of await world.tasksAt('cancelHotel')) await world.complete(task);
      assert.equal(await stateOf(), undefined);
    });
  });
}
