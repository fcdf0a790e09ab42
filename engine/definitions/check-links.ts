import { eventDefinitions, incoming, kindOf, nodesOf, ofType, outgoing, scopeTypes } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Link events: each throw has a catch on its level, by BPMN's `source` and `target` or, as in Camunda 7, by the same name. */
export function checkLinks(file: BpmnFile, report: Report): void {
  for (const scope of ofType(file, ...scopeTypes)) {
    const nodes = nodesOf(scope);
    const throwing = nodes.filter((node) => node.$type === 'bpmn:IntermediateThrowEvent' && linkOf(node));
    const catching = nodes.filter((node) => node.$type === 'bpmn:IntermediateCatchEvent' && linkOf(node));
    const reached = new Set(throwing.flatMap((node) => linkTargets(node, nodes)));
    for (const node of throwing) {
      if (linkTargets(node, nodes).length === 0) report(node, 'LINK_TARGET_MISSING');
      if (!isPaired(node)) report(node, 'LINK_PAIR');
      if (outgoing(file, node).length > 0) report(node, 'LINK_FLOW_OUT');
    }
    for (const node of catching) {
      if (!reached.has(node)) report(node, 'LINK_SOURCE_MISSING');
      if (incoming(file, node).length > 0) report(node, 'LINK_FLOW_IN');
    }
  }
}

/** The link catch events among `nodes` that the link throw event `node` leads to; none for other elements. */
export function linkTargets(node: ModdleElement, nodes: ModdleElement[]): ModdleElement[] {
  const link = node.$type === 'bpmn:IntermediateThrowEvent' ? linkOf(node) : undefined;
  if (!link) return [];
  const name = text(link, 'name');
  return nodes.filter((other) => {
    const target = other.$type === 'bpmn:IntermediateCatchEvent' ? linkOf(other) : undefined;
    return target && (one(link, 'target') === target || (name !== undefined && text(target, 'name') === name));
  });
}

/** What names its target must be named by it. */
function isPaired(node: ModdleElement): boolean {
  const link = linkOf(node);
  const target = link && one(link, 'target');
  return !target || many(target, 'source').includes(link);
}

const linkOf = (event: ModdleElement) => eventDefinitions(event).find((definition) => kindOf(definition) === 'Link');
