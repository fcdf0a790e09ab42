import type { MappingValue } from '#engine/core/model.ts';
import { isForbiddenName, isPlainObject } from '#forms/runtime/pointers.ts';
import type { Compilation } from './compilation.ts';
import { expressionOf } from './expression-source.ts';
import { extensions, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

const LIMITS = { depth: 16, length: 65_536 } as const;

/**
 * `<songbai:options>`: a JSON object whose texts may be expressions, as everywhere in a model. What the plugin's schema says
 * of it is checked by those who know the plugins.
 */
export function pluginOptions(holder: ModdleElement, id: string, compilation: Compilation): { options?: MappingValue } {
  const [first, ...more] = extensions(holder, 'songbai:Options');
  if (!first) return {};
  try {
    if (more.length > 0) throw new Error('songbai:options × 2');
    return { options: optionsValue(parseOptions(text(first, 'body') ?? ''), 1) };
  } catch (error) {
    compilation.report(id, 'PLUGIN_OPTIONS_INVALID', { message: (error as Error).message });
    return {};
  }
}

function parseOptions(source: string): Record<string, unknown> {
  if (source.length > LIMITS.length) throw new Error(`> ${LIMITS.length}`);
  const value: unknown = JSON.parse(source);
  if (!isPlainObject(value)) throw new Error('JSON ≠ {…}');
  return value;
}

function optionsValue(value: unknown, depth: number): MappingValue {
  if (depth > LIMITS.depth) throw new Error(`{…{…}…} > ${LIMITS.depth}`);
  if (typeof value === 'string') return { kind: 'expression', expression: expressionOf(value) };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => optionsValue(item, depth + 1)) };
  if (!isPlainObject(value)) return { kind: 'value', value: value as number | boolean | null };
  const forbidden = Object.keys(value).find(isForbiddenName);
  if (forbidden !== undefined) throw new Error(forbidden);
  return { kind: 'map', entries: Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, optionsValue(entry, depth + 1)])) };
}
