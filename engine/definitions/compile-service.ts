import type { ServiceTask } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { elementBase } from './element-base.ts';
import { messageOf } from './event-definitions.ts';
import { extensions } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { serviceImplementation } from './service-implementation.ts';

export const compileServiceTask = (node: ModdleElement, compilation: Compilation) => compileService(node, 'bpmn:ServiceTask', compilation);
export const compileBusinessRuleTask = (node: ModdleElement, compilation: Compilation) =>
  compileService(node, 'bpmn:BusinessRuleTask', compilation);

/** Without an implementation a send task hands its message to the correlation job. */
export function compileSendTask(node: ModdleElement, compilation: Compilation): ServiceTask {
  const name = messageOf(node);
  const task = compileService(node, 'bpmn:SendTask', compilation, name !== undefined);
  return name && !task.implementation ? { ...task, message: { name } } : task;
}

function compileService(node: ModdleElement, type: ServiceTask['type'], compilation: Compilation, optional = false): ServiceTask {
  const base = elementBase(node, compilation);
  const implementation = serviceImplementation(node, base.id, compilation);
  const connector = extensions(node, 'camunda:Connector').length > 0;
  if (!implementation && !optional && !connector) compilation.report(base.id, 'IMPLEMENTATION_MISSING');
  return { ...base, type, ...(implementation && { implementation }) };
}
