import { BpmnModdle } from 'bpmn-moddle';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json' with { type: 'json' };
import type { ModdleElement } from './moddle-element.ts';
import type { ModdleWarning } from './moddle-problems.ts';
import songbai from './songbai-moddle.json' with { type: 'json' };
import { tidyXml } from './tidy-xml.ts';

/** Attributes of Camunda 7.24 that its moddle descriptor does not list. */
const missingAttributes = [
  {
    name: 'DecisionVersionTag',
    isAbstract: true,
    extends: ['bpmn:BusinessRuleTask'],
    properties: [{ name: 'decisionRefVersionTag', type: 'String', isAttr: true }],
  },
  {
    name: 'FormVersionTag',
    isAbstract: true,
    extends: ['bpmn:UserTask', 'bpmn:StartEvent'],
    properties: [{ name: 'formRefVersionTag', type: 'String', isAttr: true }],
  },
];
const moddle = new BpmnModdle({ camunda: { ...camunda, types: [...camunda.types, ...missingAttributes] }, songbai });

/** Reads BPMN with the extensions of Camunda and our own. @throws Error when the text is no XML */
export async function importBpmn(xml: string): Promise<{ definitions: ModdleElement; warnings: ModdleWarning[] }> {
  const { rootElement, warnings, elementsById } = (await moddle.fromXML(asCamunda(tidyXml(xml)))) as unknown as Imported;
  const unresolved = warnings.filter(({ element, property, value }) => {
    if (!element || !property || value === undefined) return true;
    const target = elementsById[localName(value, rootElement)];
    setReference(element, property, target ?? { id: value });
    return !target;
  });
  return { definitions: rootElement, warnings: unresolved };
}

interface Imported {
  rootElement: ModdleElement;
  warnings: ModdleWarning[];
  elementsById: Record<string, ModdleElement>;
}

/** References are qualified names (BPMN 2.0.2, 15.3.2): `tns:order` is the element `order` when `tns` is the file's own namespace. */
function localName(reference: string, definitions: ModdleElement): string {
  const [, prefix, name] = /^([^:]+):(.+)$/.exec(reference) ?? [];
  return name !== undefined && definitions.$attrs?.[`xmlns:${prefix}`] === definitions.get('targetNamespace') ? name : reference;
}

/** Writes what was read, defaults left out. */
export async function exportBpmn(definitions: ModdleElement): Promise<string> {
  return (await moddle.toXML(definitions, { format: true })).xml;
}

/** Namespaces that mean Camunda 7's own: that of the Operaton fork and, as in Camunda 7, that of its ancestor Activiti. */
export const asCamunda = (xml: string): string =>
  xml.replaceAll(
    /(xmlns:[\w-]+\s*=\s*["'])http:\/\/(?:operaton\.org\/schema\/1\.0\/bpmn|activiti\.org\/bpmn)(?=["'])/g,
    '$1http://camunda.org/schema/1.0/bpmn',
  );

interface Described {
  $descriptor: { propertiesByName: Record<string, { isMany?: boolean } | undefined> };
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

/** moddle drops a reference that it cannot resolve; a stand-in without a type is written again and nobody takes it for an element. */
function setReference(element: ModdleElement, property: string, target: ModdleElement | { id: string }): void {
  const described = element as unknown as Described;
  if (!described.$descriptor.propertiesByName[property]?.isMany) described.set(property, target);
  else (described.get(property) as object[]).push(target);
}
