import type { Binding, Expression, ReceiveTask, ScriptTask, UserTask } from '#engine/core/model.ts';
import { compileBinding } from './binding.ts';
import type { Compilation } from './compilation.ts';
import { instantiation } from './compile-gateway.ts';
import { elementBase } from './element-base.ts';
import { messageOf } from './event-definitions.ts';
import { attribute, expressionList, expressionOf, scriptExpression } from './expression-source.ts';
import { generateForm } from './form-data.ts';
import { humanResources } from './human-resources.ts';
import { taskListeners } from './listeners.ts';
import { flag, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

export function compileUserTask(node: ModdleElement, compilation: Compilation): UserTask {
  const base = elementBase(node, compilation);
  const resources = humanResources(node, compilation);
  const single = {
    assignee: attribute(node, 'camunda:assignee') ?? resources.assignee,
    dueDate: attribute(node, 'camunda:dueDate'),
    followUpDate: attribute(node, 'camunda:followUpDate'),
    priority: attribute(node, 'camunda:priority'),
    description: base.properties['documentation'] === undefined ? undefined : expressionOf(base.properties['documentation']),
    nameExpression: dynamicName(base.name),
  };
  return {
    ...base,
    type: 'bpmn:UserTask',
    candidateUsers: [...resources.users, ...expressionList(node, 'camunda:candidateUsers')],
    candidateGroups: [...resources.groups, ...expressionList(node, 'camunda:candidateGroups')],
    ...present(single),
    ...taskListeners(node, compilation),
    ...formOf(node, compilation),
  };
}

function dynamicName(name: string | undefined): Expression | undefined {
  const expression = name === undefined ? undefined : expressionOf(name);
  return expression?.language === 'juel' ? expression : undefined;
}

/** Drops what is absent: the model tells absent from undefined. */
function present(values: Record<string, Expression | undefined>): Record<string, Expression> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Expression] => entry[1] !== undefined));
}

/** `camunda:formKey`, `camunda:formRef` or `camunda:formData` of user tasks and start events. */
export function formOf(
  node: ModdleElement,
  compilation: Compilation,
): { formKey?: Expression; formRef?: { key: Expression; binding: Binding } } {
  const generated = generateForm(node, compilation);
  const formKey = generated === undefined ? attribute(node, 'camunda:formKey') : expressionOf(generated);
  const key = attribute(node, 'camunda:formRef');
  if (formKey && key) compilation.report(node.id as string, 'FORM_AMBIGUOUS');
  return {
    ...(formKey && { formKey }),
    ...(key && { formRef: { key, binding: compileBinding(node, 'camunda:formRef', compilation) } }),
  };
}

export function compileReceiveTask(node: ModdleElement, compilation: Compilation): ReceiveTask {
  const base = elementBase(node, compilation);
  const name = messageOf(node);
  const needsMessage = one(node, 'messageRef') !== undefined || flag(node, 'instantiate');
  if (!name && needsMessage) compilation.report(base.id, 'MESSAGE_MISSING');
  return { ...base, type: 'bpmn:ReceiveTask', ...(name && { message: { name } }), ...instantiation(node, compilation) };
}

export function compileScriptTask(node: ModdleElement, compilation: Compilation): ScriptTask {
  const base = elementBase(node, compilation);
  const body = node.get('script');
  const source = typeof body === 'string' ? body.trim() : one(node, 'script') && text(one(node, 'script') as ModdleElement, 'body');
  if (!source || text(node, 'camunda:resource') !== undefined) compilation.report(base.id, 'SCRIPT_MISSING');
  const script = source ? scriptExpression(text(node, 'scriptFormat'), source, base.id, compilation) : undefined;
  const resultVariable = text(node, 'camunda:resultVariable');
  return {
    ...base,
    type: 'bpmn:ScriptTask',
    script: script ?? { language: 'literal', value: '' },
    ...(resultVariable !== undefined && { resultVariable }),
  };
}
