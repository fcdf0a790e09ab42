import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { callProcess, takeResults } from '../behaviors/call-process.ts';
import { completeElement } from '../behaviors/complete-element.ts';
import type { CallActivity } from '../model.ts';

/** Starts an instance of another process in the same root and waits for its end. */
export const callActivity: ElementBehavior<CallActivity> = {
  execute: callProcess,
  childCompleted(token) {
    takeResults(token);
    completeElement(token);
  },
};
