import type { EventDefinition } from '#engine/core/model.ts';
import { linkTargets } from './check-links.ts';
import type { Compilation } from './compilation.ts';
import { text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** A link event; that a throwing one has a target at all is checked in check-links. */
export function compileLink(
  node: ModdleElement,
  definition: ModdleElement,
  compilation: Compilation,
): Extract<EventDefinition, { type: 'link' }> {
  const name = text(definition, 'name') ?? '';
  const [target, another] = linkTargets(node);
  if (another) compilation.report(node.id as string, 'LINK_AMBIGUOUS', { name });
  const index = target && compilation.indexOf.get(target);
  return { type: 'link', name, ...(index !== undefined && { target: index }) };
}
