import { many, one, text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { any, builtInType } from '#engine/expressions/feel/types.ts';
import type { FeelType } from '#engine/expressions/feel/types.ts';

/** Reads item definitions; a type that nobody defines is `unknown`. @see DMN 1.5, 7.3.2 */
export interface TypeReader {
  /** Undefined when the name is neither built in nor defined in the file or those it imports. */
  named(name: string): FeelType | undefined;
  /** Those defined in the file. */
  own(): Record<string, FeelType>;
  /** With those of the files it imports, as `import.name`. */
  all(): Record<string, FeelType>;
}

/** @param imports imported files by the name of the import; they may still be added while types are read */
export function createTypeReader(definitions: ModdleElement, imports: ReadonlyMap<string, { types: TypeReader }>): TypeReader {
  const items = new Map(many(definitions, 'itemDefinition').map((item) => [text(item, 'name') ?? '', item]));
  const made = new Map<string, FeelType>();

  function named(name: string): FeelType | undefined {
    const plain = name.replace(/^\w+:/, '').trim();
    const item = items.get(plain);
    if (item) return typeNamed(plain, item);
    const dot = plain.indexOf('.');
    return builtInType(plain) ?? (dot > 0 ? imports.get(plain.slice(0, dot))?.types.named(plain.slice(dot + 1)) : undefined);
  }

  function typeNamed(name: string, item: ModdleElement): FeelType {
    const known = made.get(name);
    if (known) return known;
    // A definition that refers to itself ends here.
    made.set(name, any);
    const type = typeOfItem(item);
    made.set(name, type);
    return type;
  }

  function typeOfItem(item: ModdleElement): FeelType {
    const base = baseOf(item);
    const [allowed, constraint] = [textIn(item, 'allowedValues'), textIn(item, 'typeConstraint')];
    const one = allowed === undefined ? base : ({ is: 'allowed', of: base, tests: allowed } as const);
    const whole = item.get('isCollection') === true ? ({ is: 'list', of: one } as const) : one;
    return constraint === undefined ? whole : { is: 'allowed', of: whole, tests: constraint };
  }

  function baseOf(item: ModdleElement): FeelType {
    const [reference, components, fn] = [text(item, 'typeRef'), many(item, 'itemComponent'), one(item, 'functionItem')];
    if (reference !== undefined) return named(reference) ?? { is: 'unknown' };
    if (components.length > 0) {
      return {
        is: 'context',
        entries: Object.fromEntries(components.map((component) => [text(component, 'name') ?? '', typeOfItem(component)])),
      };
    }
    return fn ? functionType(fn) : any;
  }

  function functionType(item: ModdleElement): FeelType {
    const typeIn = (element: ModdleElement, property: string) => named(text(element, property) ?? 'Any') ?? any;
    return {
      is: 'function',
      parameters: many(item, 'parameters').map((parameter) => typeIn(parameter, 'typeRef')),
      result: typeIn(item, 'outputTypeRef'),
    };
  }

  const own = () => Object.fromEntries([...items].map(([name, item]) => [name, typeNamed(name, item)]));
  const imported = () =>
    [...imports].flatMap(([prefix, { types }]) => Object.entries(types.own()).map(([name, type]) => [`${prefix}.${name}`, type] as const));
  return { named, own, all: () => ({ ...own(), ...Object.fromEntries(imported()) }) };
}

function textIn(element: ModdleElement, property: string): string | undefined {
  const holder = one(element, property);
  return holder && text(holder, 'text');
}
