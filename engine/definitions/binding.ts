import type { Binding } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { attribute } from './expression-source.ts';
import { text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/**
 * Which version a call activity, decision or form reference means: attributes `<prefix>Binding`, `<prefix>Version`, `<prefix>VersionTag`.
 * @param prefix e.g. `camunda:calledElement`
 */
export function compileBinding(node: ModdleElement, prefix: string, compilation: Compilation): Binding {
  const kind = text(node, `${prefix}Binding`) ?? 'latest';
  const version = attribute(node, `${prefix}Version`);
  const versionTag = attribute(node, `${prefix}VersionTag`);
  if (kind === 'latest' || kind === 'deployment') return { kind };
  if (kind === 'version' && version) return { kind, version };
  if (kind === 'versionTag' && versionTag) return { kind, versionTag };
  compilation.report(node.id as string, 'BINDING_INVALID', { name: kind });
  return { kind: 'latest' };
}
