import type { CallMapping, Expression, Mapping, MappingValue } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { expressionOf, scriptExpression } from './expression-source.ts';
import { extensions, flag, many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** `camunda:inputOutput` of any element. */
export function compileMappings(node: ModdleElement, compilation: Compilation): { inputs: Mapping[]; outputs: Mapping[] } {
  const holder = extensions(node, 'camunda:InputOutput')[0];
  const id = node.id as string;
  const compile = (parameter: ModdleElement): Mapping[] => {
    const name = text(parameter, 'name');
    if (name === undefined) {
      compilation.report(id, 'MAPPING_INVALID');
      return [];
    }
    return [{ name, value: parameterValue(parameter, id, compilation) }];
  };
  return {
    inputs: holder ? many(holder, 'inputParameters').flatMap(compile) : [],
    outputs: holder ? many(holder, 'outputParameters').flatMap(compile) : [],
  };
}

function parameterValue(parameter: ModdleElement, id: string, compilation: Compilation): MappingValue {
  const definition = one(parameter, 'definition');
  return definition ? definitionValue(definition, id, compilation) : fromText(text(parameter, 'value'));
}

/** An empty parameter is null, as in Camunda. */
function fromText(source: string | undefined): MappingValue {
  return { kind: 'expression', expression: source === undefined ? { language: 'juel', source: '${null}' } : expressionOf(source) };
}

function definitionValue(definition: ModdleElement, id: string, compilation: Compilation): MappingValue {
  switch (definition.$type) {
    case 'camunda:List':
      return { kind: 'list', items: many(definition, 'items').map((item) => definitionValue(item, id, compilation)) };
    case 'camunda:Map':
      return {
        kind: 'map',
        entries: Object.fromEntries(
          many(definition, 'entries').map((entry) => [entryKey(entry, id, compilation), parameterValue(entry, id, compilation)]),
        ),
      };
    case 'camunda:Script':
      return scriptValue(definition, id, compilation);
    default:
      return fromText(text(definition, 'value'));
  }
}

/** Camunda 7 evaluates a key; here it is plain text, and must not look as if it were more. */
function entryKey(entry: ModdleElement, id: string, compilation: Compilation): string {
  const key = text(entry, 'key') ?? '';
  if (expressionOf(key).language === 'juel') compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name: `key="${key}"` });
  return key;
}

function scriptValue(script: ModdleElement, id: string, compilation: Compilation): MappingValue {
  const source = text(script, 'value');
  if (source === undefined || text(script, 'resource') !== undefined) {
    compilation.report(id, 'SCRIPT_MISSING');
    return fromText(undefined);
  }
  const expression = scriptExpression(text(script, 'scriptFormat'), source, id, compilation);
  return expression ? { kind: 'expression', expression } : fromText(undefined);
}

/** `camunda:in` and `camunda:out` of a call activity, or `in` of a signal, and the business key that an `in` hands over. `id`: what problems are reported for. */
export function compileCallMappings(
  node: ModdleElement,
  compilation: Compilation,
  id = node.id as string,
): { in: CallMapping[]; out: CallMapping[]; businessKey?: Expression } {
  const ins = extensions(node, 'camunda:In');
  const keys = ins.filter((entry) => text(entry, 'businessKey') !== undefined);
  const businessKey = keys[0] && expressionOf(text(keys[0], 'businessKey') as string);
  return {
    in: ins.filter((entry) => !keys.includes(entry)).flatMap((entry) => callMapping(entry, id, compilation)),
    out: extensions(node, 'camunda:Out').flatMap((entry) => callMapping(entry, id, compilation)),
    ...(businessKey && { businessKey }),
  };
}

function callMapping(entry: ModdleElement, id: string, compilation: Compilation): CallMapping[] {
  const local = flag(entry, 'local');
  if (text(entry, 'variables') === 'all') return [{ kind: 'all', local }];
  const source = text(entry, 'source');
  const sourceExpression = text(entry, 'sourceExpression');
  const target = text(entry, 'target');
  if (target !== undefined && source !== undefined) return [{ kind: 'variable', source, target, local }];
  if (target !== undefined && sourceExpression !== undefined)
    return [{ kind: 'expression', expression: expressionOf(sourceExpression), target, local }];
  compilation.report(id, 'MAPPING_INVALID');
  return [];
}
