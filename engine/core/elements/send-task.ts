import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { sendMessage } from '../behaviors/messages.ts';
import type { ServiceTask } from '../model.ts';
import { serviceTask } from './service-task.ts';

/** Runs its implementation; without one the engine delivers its message itself. */
export const sendTask: ElementBehavior<ServiceTask> = {
  execute(token) {
    const { implementation, message } = token.element;
    if (!implementation && message) sendMessage(token, message);
    else serviceTask.execute(token);
  },
};
