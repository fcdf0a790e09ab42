import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { Gateway } from '../model.ts';

/** Takes one flow (see `take-flow.ts`); as a merge it lets every token through. */
export const exclusiveGateway: ElementBehavior<Gateway> = {
  execute: (token) => completeElement(token),
};
