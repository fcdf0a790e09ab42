import assert from 'node:assert/strict';
import { between, process, map, migrate, refusals } from '#test/support/migration-scenario.ts';
import { compensation, end, type Specs, start, subProcess, throwEvent, undoneBy, userTask } from '#test/support/process-builder.ts';

describe('what a migrated instance can undo', () => {
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
});
