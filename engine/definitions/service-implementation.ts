import type { DecisionResultMapping, ExternalTaskError, ServiceImplementation } from '#engine/core/model.ts';
import { compileBinding } from './binding.ts';
import type { Compilation } from './compilation.ts';
import { errorOf } from './event-kinds.ts';
import { attribute, expressionOf, priorityOf } from './expression-source.ts';
import { extensions, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { pluginOptions } from './plugin-options.ts';

const resultMappings: ReadonlySet<string> = new Set<DecisionResultMapping>(['singleEntry', 'singleResult', 'collectEntries', 'resultList']);

/**
 * How a service task, send task, business rule task or throwing message event does its work; undefined when nothing is said.
 * @param holder the task, or the message event definition
 * @param id the element that problems are reported for
 */
export function serviceImplementation(holder: ModdleElement, id: string, compilation: Compilation): ServiceImplementation | undefined {
  const java = text(holder, 'camunda:class') ?? text(holder, 'camunda:delegateExpression');
  if (java !== undefined) {
    compilation.report(id, 'JAVA_DELEGATE', { name: java });
    return { kind: 'plugin', plugin: '' };
  }
  const plugin = text(holder, 'songbai:plugin');
  if (plugin !== undefined) return { kind: 'plugin', plugin, ...pluginOptions(holder, id, compilation), ...resultVariable(holder) };
  const type = text(holder, 'camunda:type');
  if (type !== undefined) return external(holder, type, id, compilation);
  if (holder.$type === 'bpmn:BusinessRuleTask' && text(holder, 'camunda:decisionRef') !== undefined)
    return decision(holder, id, compilation);
  const expression = attribute(holder, 'camunda:expression');
  return expression && { kind: 'expression', expression, ...resultVariable(holder) };
}

function external(holder: ModdleElement, type: string, id: string, compilation: Compilation): ServiceImplementation {
  const topic = attribute(holder, 'camunda:topic');
  if (type !== 'external') compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name: `type="${type}"` });
  else if (!topic) compilation.report(id, 'TOPIC_MISSING');
  const priority = priorityOf(holder, 'camunda:taskPriority', id, compilation);
  return {
    kind: 'external',
    topic: topic ?? { language: 'literal', value: '' },
    ...(priority && { priority }),
    errors: extensions(holder, 'camunda:ErrorEventDefinition').flatMap((definition) => externalError(definition, id, compilation)),
  };
}

function externalError(definition: ModdleElement, id: string, compilation: Compilation): ExternalTaskError[] {
  const { code } = errorOf(definition);
  const expression = attribute(definition, 'expression');
  if (!expression) {
    compilation.report(id, 'ERROR_MISSING');
    return [];
  }
  return [{ ...(code !== undefined && { code: expressionOf(code) }), expression }];
}

function decision(holder: ModdleElement, id: string, compilation: Compilation): ServiceImplementation {
  if (text(holder, 'camunda:decisionRefTenantId') !== undefined) compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name: 'decisionRefTenantId' });
  const mapResult = text(holder, 'camunda:mapDecisionResult') ?? 'resultList';
  if (!resultMappings.has(mapResult)) compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name: `mapDecisionResult="${mapResult}"` });
  return {
    kind: 'decision',
    ref: {
      key: expressionOf(text(holder, 'camunda:decisionRef') as string),
      binding: compileBinding(holder, 'camunda:decisionRef', compilation),
    },
    ...resultVariable(holder),
    mapResult: mapResult as DecisionResultMapping,
  };
}

function resultVariable(holder: ModdleElement): { resultVariable?: string } {
  const name = text(holder, 'camunda:resultVariable');
  return name === undefined ? {} : { resultVariable: name };
}
