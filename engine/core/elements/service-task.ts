import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { runImplementation } from '../behaviors/service-implementations.ts';
import type { ServiceTask } from '../model.ts';

/** External task, expression, decision or plugin; a business rule task is the same with a decision. */
export const serviceTask: ElementBehavior<ServiceTask> = {
  execute(token) {
    const { implementation } = token.element;
    if (implementation) runImplementation(token, implementation);
    else completeElement(token);
  },
};
