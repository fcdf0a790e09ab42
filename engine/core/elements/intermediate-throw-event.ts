import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { continueThrowing, throwEvent } from '../events/throwing-events.ts';
import type { ElementOf } from '../model.ts';

export const intermediateThrowEvent: ElementBehavior<ElementOf<'bpmn:IntermediateThrowEvent'>> = {
  execute: (token) => throwEvent(token, token.element.event),
  childCompleted: (token) => continueThrowing(token, token.element.event),
};
