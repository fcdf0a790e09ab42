import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { ElementOf } from '../model.ts';

/** Done by people outside the engine: passes through. */
export const manualTask: ElementBehavior<ElementOf<'bpmn:ManualTask'>> = {
  execute: (token) => completeElement(token),
};
