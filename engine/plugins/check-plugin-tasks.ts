import { implementationOf } from '#engine/core/implementation-of.ts';
import type { Element, MappingValue, ProcessModel, ServiceImplementation } from '#engine/core/model.ts';
import { problem, type Problem } from '#engine/definitions/problem.ts';
import { joinPointer } from '#forms/runtime/pointers.ts';
import type { ActivePlugin } from './load-plugins.ts';

export type PluginImplementation = Extract<ServiceImplementation, { kind: 'plugin' }>;

/** Deploy-time check: the plugin is there, and what stands literally in its options fits its schema. Expressions are checked when the task starts. */
export function checkPluginTasks(active: readonly ActivePlugin[], model: ProcessModel): Problem[] {
  return model.elements.flatMap((element): Problem[] => {
    const implementation = pluginImplementation(element);
    if (!implementation) return [];
    const plugin = active.find(({ manifest, serviceTask }) => serviceTask && manifest.id === implementation.plugin);
    if (!plugin) {
      const ids = active.filter(({ serviceTask }) => serviceTask).map(({ manifest }) => manifest.id);
      return [problem(element.id, 'PLUGIN_UNKNOWN', { name: implementation.plugin, active: ids.join(', ') || '—' })];
    }
    const open: string[] = [];
    const literal = implementation.options ? literalOptions(implementation.options, '', open) : {};
    return plugin.checkOptions(literal, open).map(({ pointer, message }) => {
      const at = (text: string) => `${pointer || '/'} ${text}`;
      const found = problem(element.id, 'PLUGIN_OPTIONS_INVALID', { message: at(message.en) });
      return {
        ...found,
        messages: {
          ...found.messages,
          'zh-CN': problem(element.id, 'PLUGIN_OPTIONS_INVALID', { message: at(message['zh-CN']) }).messages['zh-CN'],
        },
      };
    });
  });
}

export function pluginImplementation(element: Element | undefined): PluginImplementation | null {
  const implementation = element && implementationOf(element);
  return implementation?.kind === 'plugin' ? implementation : null;
}

/** The options as far as they are known; the pointers of expressions go to `open`. */
function literalOptions(value: MappingValue, pointer: string, open: string[]): unknown {
  switch (value.kind) {
    case 'value':
      return value.value;
    case 'list':
      return value.items.map((item, index) => literalOptions(item, joinPointer(pointer, index), open));
    case 'map':
      return Object.fromEntries(
        Object.entries(value.entries).map(([name, entry]) => [name, literalOptions(entry, joinPointer(pointer, name), open)]),
      );
    case 'expression':
      if (value.expression.language === 'literal') return value.expression.value;
      open.push(pointer);
      return null;
  }
}
