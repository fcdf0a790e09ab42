import { readFileSync, readdirSync } from 'node:fs';
import { asCamunda, exportBpmn } from '#engine/definitions/bpmn-xml.ts';
import { readBpmn } from '#engine/definitions/read-bpmn.ts';
import { conformanceFolder } from './conformance-folder.ts';
import { countElements, xmlDifferences, xmlTree, type XmlNode } from './xml-tree.ts';

const folder = new URL('miwg-reference/', conformanceFolder);

/** What BPMN's schema says an attribute means when it is absent; exports leave it out then. */
const defaults = {
  cancelActivity: 'true',
  completionQuantity: '1',
  eventGatewayType: 'Exclusive',
  expressionLanguage: 'http://www.w3.org/1999/XPath',
  gatewayDirection: 'Unspecified',
  instantiate: 'false',
  isCollection: 'false',
  isForCompensation: 'false',
  isInterrupting: 'true',
  isSequential: 'false',
  messageVisibleKind: 'initiating',
  parallelMultiple: 'false',
  startQuantity: '1',
  testBefore: 'false',
  textFormat: 'text/plain',
  triggeredByEvent: 'false',
  typeLanguage: 'http://www.w3.org/2001/XMLSchema',
};

export const miwg = {
  folder,
  files: () => readdirSync(folder).filter((name) => name.endsWith('.bpmn')),
  read: (file: string) => asCamunda(readFileSync(new URL(file, folder), 'utf8')),
  /** Imports a model as a deployment does, and exports it. @returns how many elements it has and what got lost on the way */
  async roundTrip(xml: string): Promise<{ elements: number; lost: string[] }> {
    const { definitions, problems } = await readBpmn(xml);
    if (!definitions) return { elements: 0, lost: problems.map(({ messages }) => messages.en) };
    const before = canonical(xmlTree(xml));
    return { elements: countElements(before), lost: xmlDifferences(before, canonical(xmlTree(await exportBpmn(definitions))), defaults) };
  },
};

const BPMN = '{http://www.omg.org/spec/BPMN/20100524/MODEL}';
const TYPE = '{http://www.w3.org/2001/XMLSchema-instance}type';

/** Two spellings of the schema for one thing become one. */
function canonical(node: XmlNode): XmlNode {
  const attributes = new Map(node.attributes);
  // The type that the schema declares for waypoints anyway.
  if (node.name.endsWith('}waypoint')) attributes.delete(TYPE);
  // `formalExpression` stands for an `expression` of that type.
  const isFormal = node.name === `${BPMN}formalExpression`;
  if (isFormal) attributes.set(TYPE, `${BPMN}tFormalExpression`);
  return { ...node, name: isFormal ? `${BPMN}expression` : node.name, attributes, children: node.children.map(canonical) };
}
