import assert from 'node:assert/strict';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario } from '#test/support/core-scenario.ts';
import { aProcess, scriptTask, start, userTask } from '#test/support/process-builder.ts';
import { typed } from '../values.ts';

describe('script task', () => {
  it('sets its result variable', () => {
    const s = scenario(
      corePorts([
        aProcess('p', { start: start(), a: scriptTask('${x + 1}', { resultVariable: 'y' }), b: userTask() }, ['start -> a -> b']),
      ]),
    );
    s.start({ x: 1 });
    assert.equal(s.variable('y'), 2);
  });

  it('may set variables, which goes to the nearest scope that has them', () => {
    const model = aProcess('p', { start: start(), a: scriptTask('${write()}'), b: userTask() }, ['start -> a -> b']);
    const s = scenario(corePorts([model], { '${write()}': ({ execution }) => execution.setVariable?.('x', typed(9)) }));
    s.start({ x: 1 });
    assert.equal(s.variable('x'), 9);
  });

  describe('when it fails', () => {
    it('fails the command and names the element', () => {
      const s = scenario(corePorts([aProcess('p', { start: start(), a: scriptTask('${missing}') }, ['start -> a'])]));
      assert.throws(() => s.start(), { code: 'UNKNOWN_VARIABLE', elementId: 'a' });
    });
  });
});
