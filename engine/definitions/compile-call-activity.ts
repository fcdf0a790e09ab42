import type { CallActivity } from '#engine/core/model.ts';
import { compileBinding } from './binding.ts';
import type { Compilation } from './compilation.ts';
import { elementBase } from './element-base.ts';
import { attribute } from './expression-source.ts';
import { compileCallMappings } from './mappings.ts';
import { text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

export function compileCallActivity(node: ModdleElement, compilation: Compilation): CallActivity {
  const id = node.id as string;
  const calledElement = attribute(node, 'calledElement');
  const java = text(node, 'camunda:variableMappingClass') ?? text(node, 'camunda:variableMappingDelegateExpression');
  if (java !== undefined) compilation.report(id, 'JAVA_DELEGATE', { name: java });
  if (text(node, 'camunda:caseRef') !== undefined) compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name: 'caseRef' });
  else if (!calledElement) compilation.report(id, 'CALLED_ELEMENT_MISSING');
  const tenantId = attribute(node, 'camunda:calledElementTenantId');
  return {
    ...elementBase(node, compilation),
    type: 'bpmn:CallActivity',
    calledElement: calledElement ?? { language: 'literal', value: '' },
    binding: compileBinding(node, 'camunda:calledElement', compilation),
    ...(tenantId && { tenantId }),
    ...compileCallMappings(node, compilation),
  };
}
