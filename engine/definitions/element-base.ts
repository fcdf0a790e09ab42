import type { Element } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { priorityOf } from './expression-source.ts';
import { formDataAccess } from './form-data.ts';
import { executionListeners } from './listeners.ts';
import { compileMappings } from './mappings.ts';
import { extensions, flag, many, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { compileMultiInstance } from './multi-instance.ts';
import { retryWaits } from './retry-cycle.ts';
import { compileStandardLoop } from './standard-loop.ts';

type ElementBase = Omit<Extract<Element, { type: 'bpmn:Task' | 'bpmn:ManualTask' }>, 'type'>;

const fieldAccess = new Set(['hidden', 'readonly', 'editable', 'required']);

/** What every element has: async flags, priorities, retries, mappings, loops, properties. Flows are connected later. */
export function elementBase(node: ModdleElement, compilation: Compilation): ElementBase {
  const name = text(node, 'name');
  const isProcess = node === compilation.process;
  const jobPriority = priorityOf(node, 'camunda:jobPriority', node.id as string, compilation);
  const retryWaitsMs = retryWaits(node, compilation);
  const multiInstance = isProcess ? undefined : compileMultiInstance(node, compilation);
  const standardLoop = isProcess ? undefined : compileStandardLoop(node, compilation);
  refuseUnsupportedExtensions(node, compilation);
  return {
    index: compilation.indexOf.get(node) as number,
    id: node.id as string,
    ...(name !== undefined && { name }),
    parent: isProcess ? -1 : (compilation.indexOf.get(node.$parent as ModdleElement) as number),
    incoming: [],
    outgoing: [],
    // `camunda:async` is the old spelling of asyncBefore.
    asyncBefore: !isProcess && (flag(node, 'camunda:asyncBefore') || flag(node, 'camunda:async')),
    asyncAfter: !isProcess && flag(node, 'camunda:asyncAfter'),
    exclusive: isProcess || flag(node, 'camunda:exclusive'),
    ...(jobPriority && { jobPriority }),
    ...(retryWaitsMs && { retryWaitsMs }),
    ...compileMappings(node, compilation),
    ...executionListeners(node, compilation),
    ...(multiInstance && { multiInstance }),
    ...(standardLoop && { standardLoop }),
    boundaryEvents: [],
    ...(isHandler(node) && { isForCompensation: true }),
    properties: properties(node, compilation),
  };
}

/** Some modellers mark event sub-processes for compensation, too; their start event says it already. */
const isHandler = (node: ModdleElement) => flag(node, 'isForCompensation') && !flag(node, 'triggeredByEvent');

function properties(node: ModdleElement, compilation: Compilation): Record<string, string> {
  const result: Record<string, string> = Object.fromEntries(formDataAccess(node));
  for (const holder of extensions(node, 'camunda:Properties')) {
    for (const entry of many(holder, 'values')) result[text(entry, 'name') ?? ''] = text(entry, 'value') ?? '';
  }
  for (const holder of extensions(node, 'songbai:Fields')) {
    for (const field of many(holder, 'values')) {
      const name = text(field, 'name') ?? '';
      const access = text(field, 'access') ?? 'editable';
      if (name === '' || !fieldAccess.has(access)) compilation.report(node.id as string, 'FIELD_ACCESS_INVALID', { name, value: access });
      result[`songbai:field.${name}`] = access;
    }
  }
  if (node === compilation.process) {
    for (const name of ['songbai:searchable', 'songbai:category', 'songbai:historyLevel']) {
      const value = text(node, name);
      if (value !== undefined) result[name] = value;
    }
  }
  const documentation = many(node, 'documentation')[0];
  const description = documentation && text(documentation, 'text');
  if (description !== undefined) result['documentation'] = description;
  return result;
}

function refuseUnsupportedExtensions(node: ModdleElement, compilation: Compilation): void {
  const id = node.id as string;
  if (extensions(node, 'camunda:Connector').length > 0) compilation.report(id, 'CONNECTOR');
  if (extensions(node, 'camunda:FormProperty').length > 0) compilation.report(id, 'FORM_DATA', { field: 'formProperty', reason: 'formProperty' });
  const formHandler = text(node, 'camunda:formHandlerClass');
  if (formHandler !== undefined) compilation.report(id, 'JAVA_DELEGATE', { name: formHandler });
  for (const name of ['startQuantity', 'completionQuantity']) {
    if ((text(node, name) ?? '1') !== '1') compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name });
  }
}
