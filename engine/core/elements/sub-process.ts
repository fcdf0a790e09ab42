import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { isScopeDone, startScope } from '../behaviors/scopes.ts';
import type { SubProcess } from '../model.ts';

/** Embedded and event sub-processes: a scope of their own that is done when no token is left inside. */
export const subProcess: ElementBehavior<SubProcess> = {
  execute: (token) => startScope(token),
  childCompleted(token) {
    if (isScopeDone(token)) completeElement(token);
  },
};
