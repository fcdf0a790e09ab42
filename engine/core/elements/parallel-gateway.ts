import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { Gateway } from '../model.ts';

/** Takes all its flows. Tokens wait for each other before the gateway is entered (see `join.ts`). */
export const parallelGateway: ElementBehavior<Gateway> = {
  execute: (token) => completeElement(token),
};
