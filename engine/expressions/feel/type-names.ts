import type { FeelRun } from './function.ts';
import { nameOf, partOf, partsNamed, textOf } from './tree.ts';
import type { FeelNode, Place } from './tree.ts';
import { any, builtInType } from './types.ts';
import type { FeelType } from './types.ts';

/** The type that `instance of` or a parameter names; item definitions are known when the expression runs. */
export function compileType(node: FeelNode, place: Place): (run: FeelRun) => FeelType {
  const inner = node.name === 'Type' ? partOf(node, 0) : node;
  const typeIn = (parent: FeelNode) => compileType(partsNamed(parent, 'Type')[0] as FeelNode, place);
  switch (inner.name) {
    case 'ListType': {
      const of = typeIn(inner);
      const is = textOf(inner, place).startsWith('range') ? 'range' : 'list';
      return (run) => ({ is, of: of(run) });
    }
    case 'ContextType': {
      const entries = partsNamed(partsNamed(inner, 'ContextEntryTypes')[0] ?? inner, 'ContextEntryType').map(
        (entry) => [nameOf(partOf(entry, 0), place), typeIn(entry)] as const,
      );
      return (run) => ({ is: 'context', entries: Object.fromEntries(entries.map(([name, type]) => [name, type(run)])) });
    }
    case 'FunctionType': {
      const parameters = partsNamed(partsNamed(inner, 'ArgumentTypes')[0] ?? inner, 'ArgumentType').map(typeIn);
      const result = partsNamed(inner, 'Type')[0] ? typeIn(inner) : () => any;
      return (run) => ({ is: 'function', parameters: parameters.map((parameter) => parameter(run)), result: result(run) });
    }
    default: {
      const name = textOf(inner, place).replace(/\s+/g, ' ').trim();
      return (run) => builtInType(name) ?? run.types?.(name) ?? { is: 'unknown' };
    }
  }
}
