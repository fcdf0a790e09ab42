import { endInstance, isScopeDone, startScope } from '../behaviors/scopes.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { ProcessElement } from '../model.ts';

/** Ends when no token is left. */
export const process: ElementBehavior<ProcessElement> = {
  execute: (token) => startScope(token),
  childCompleted(token, from) {
    if (isScopeDone(token)) endInstance(token.run, token.state, 'COMPLETED', from);
  },
};
