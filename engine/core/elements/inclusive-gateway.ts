import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { Gateway } from '../model.ts';

/** Takes every flow whose condition is true (see `take-flow.ts`). Tokens wait before it is entered (see `decide-joins.ts`). */
export const inclusiveGateway: ElementBehavior<Gateway> = {
  execute: (token) => completeElement(token),
};
