import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { ElementOf } from '../model.ts';

/** An undefined task passes through, as in Camunda 7. */
export const task: ElementBehavior<ElementOf<'bpmn:Task'>> = {
  execute: (token) => completeElement(token),
};
