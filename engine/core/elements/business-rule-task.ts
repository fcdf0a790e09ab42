import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { ServiceTask } from '../model.ts';
import { serviceTask } from './service-task.ts';

/** Camunda 7 gives it every implementation of a service task; the usual one is a decision. */
export const businessRuleTask: ElementBehavior<ServiceTask> = serviceTask;
