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
    const reached = new Set(throwing.flatMap((node) => linkTargets(node)));
    for (const node of throwing) {
      if (linkTargets(node).length === 0) report(node, 'LINK_TARGET_MISSING');
      if (!isPaired(node)) report(node, 'LINK_PAIR');
      if (outgoing(file, node).length > 0) report(node, 'LINK_FLOW_OUT');
    }
    for (const node of catching) {
      if (!reached.has(node)) report(node, 'LINK_SOURCE_MISSING');
      if (incoming(file, node).length > 0) report(node, 'LINK_FLOW_IN');
    }
  }
}

/** The link catch events of the same level that the link throw event `node` leads to; none for other elements. */
export function linkTargets(node: ModdleElement): readonly ModdleElement[] {
  const link = node.$type === 'bpmn:IntermediateThrowEvent' ? linkOf(node) : undefined;
  if (!link || !node.$parent) return [];
  const { byName, byLink } = catchesOf(node.$parent);
  const named = byName.get(text(link, 'name') ?? '') ?? [];
  const target = byLink.get(one(link, 'target') as ModdleElement);
  return !target || named.includes(target) ? named : [...named, target];
}

interface Catches {
  byName: ReadonlyMap<string, ModdleElement[]>;
  byLink: ReadonlyMap<ModdleElement, ModdleElement>;
}
const known = new WeakMap<ModdleElement, Catches>();

/** Found once for each level: there may be many link events. */
function catchesOf(scope: ModdleElement): Catches {
  const found = known.get(scope);
  if (found) return found;
  const byName = new Map<string, ModdleElement[]>();
  const byLink = new Map<ModdleElement, ModdleElement>();
  for (const node of nodesOf(scope)) {
    const link = node.$type === 'bpmn:IntermediateCatchEvent' ? linkOf(node) : undefined;
    if (!link) continue;
    byLink.set(link, node);
    const name = text(link, 'name');
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), node]);
  }
  const catches = { byName, byLink };
  known.set(scope, catches);
  return catches;
}

/** What names its target must be named by it. */
function isPaired(node: ModdleElement): boolean {
  const link = linkOf(node);
  const target = link && one(link, 'target');
  return !target || many(target, 'source').includes(link);
}

const linkOf = (event: ModdleElement) => eventDefinitions(event).find((definition) => kindOf(definition) === 'Link');
