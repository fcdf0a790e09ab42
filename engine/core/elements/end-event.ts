import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { continueThrowing, throwEvent } from '../events/throwing-events.ts';
import type { EndEvent } from '../model.ts';

export const endEvent: ElementBehavior<EndEvent> = {
  execute: (token) => throwEvent(token, token.element.event),
  childCompleted: (token) => continueThrowing(token, token.element.event),
};
