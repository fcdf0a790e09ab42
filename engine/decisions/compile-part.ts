import { many, one, text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { normalName } from '#engine/expressions/feel/scope.ts';
import { compileFunction, compileLogic } from './compile-logic.ts';
import { valueType } from './decision-source.ts';
import type { DmnFile } from './dmn-file.ts';
import { isList } from './hit-policy.ts';
import type { DecisionPart, DecisionTable, FunctionLogic, Need, ValueType } from './model.ts';

export interface Target {
  element: ModdleElement;
  file: DmnFile;
  need: Need;
  /** Set where a decision service begins. */
  service?: { element: ModdleElement; inputs: ReadonlySet<ModdleElement> };
}

export interface CompiledPart {
  part: DecisionPart;
  needs: Target[];
}

/** A node of the requirements graph and the nodes it needs. */
export function compilePart(element: ModdleElement, file: DmnFile): CompiledPart {
  const own = text(element, 'id') ?? '';
  const id = idOf(element, file);
  const holder = one(element, 'variable');
  const name = (holder && text(holder, 'name')) ?? text(element, 'name') ?? own;
  const type = holder && valueType(holder, own, file);
  const typed: { type?: ValueType } = type ? { type } : {};
  const owner = { id: own, variable: name, file };
  switch (element.$type) {
    case 'dmn:InputData':
      return { part: { kind: 'input', id, name, ...typed }, needs: [] };
    case 'dmn:BusinessKnowledgeModel': {
      const needs = requirements(element, file, [['knowledgeRequirement', 'requiredKnowledge']]);
      const logic = one(element, 'encapsulatedLogic');
      const body: FunctionLogic = logic ? compileFunction(logic, owner) : { kind: 'function', parameters: [], body: null };
      return { part: { kind: 'knowledge', id, name, ...typed, needs: needs.map(({ need }) => need), logic: body }, needs };
    }
    case 'dmn:DecisionService': {
      const referred = (property: string) => many(element, property).flatMap((each) => targetOf(each, property, own, file));
      const inputs = [...referred('inputData'), ...referred('inputDecision')];
      const outputs = referred('outputDecision');
      const part = {
        kind: 'service',
        id,
        name,
        inputs: inputs.map(({ need }) => need.id),
        outputs: outputs.map(({ need }) => need.id),
        ...typed,
      } as const;
      const service = { element, inputs: new Set(inputs.map((input) => input.element)) };
      return { part, needs: [...inputs, ...outputs].map((target) => ({ ...target, service })) };
    }
    default: {
      const needs = requirements(element, file, [
        ['informationRequirement', 'requiredInput'],
        ['informationRequirement', 'requiredDecision'],
        ['knowledgeRequirement', 'requiredKnowledge'],
      ]);
      const logic = compileLogic(one(element, 'decisionLogic'), owner);
      const kept = logic?.kind === 'table' && isOfOneCell(type, logic) ? {} : typed;
      return { part: { kind: 'decision', id, name, ...kept, needs: needs.map(({ need }) => need), logic }, needs };
    }
  }
}

/** Camunda's modeler lets a table that gives rows or lists have a variable of type `string`, and Camunda takes no notice. */
const isOfOneCell = (type: ValueType | undefined, table: DecisionTable) =>
  (isList(table) || table.outputs.length > 1) && type !== undefined && !['list', 'context', 'allowed'].includes(type.is);

const idOf = (element: ModdleElement, file: DmnFile) => (file.isMain ? (element.id ?? '') : `${file.namespace}#${element.id ?? ''}`);

function requirements(element: ModdleElement, file: DmnFile, kinds: [requirement: string, property: string][]): Target[] {
  return kinds.flatMap(([requirement, property]) =>
    many(element, requirement).flatMap((each) => {
      const reference = one(each, property);
      return reference ? targetOf(reference, property, element.id ?? '', file) : [];
    }),
  );
}

/** `#id`, or `namespace#id` for this file and those it imports. */
function targetOf(reference: ModdleElement, property: string, ownerId: string, file: DmnFile): Target[] {
  const href = text(reference, 'href') ?? '';
  const at = href.lastIndexOf('#');
  const [namespace, id] = [href.slice(0, Math.max(0, at)), href.slice(at + 1)];
  const imported =
    namespace === '' || namespace === file.namespace ? undefined : [...file.imports].find(([, other]) => other.namespace === namespace);
  const [importName, home] = imported ?? [undefined, file];
  const element = home.elements.get(id);
  if (!element) {
    // Input data only says what is read: Camunda's models may name one that is gone.
    if (property !== 'requiredInput') file.report(ownerId, 'UNRESOLVED_REFERENCE', { property, target: href });
    return [];
  }
  return [{ element, file: home, need: { id: idOf(element, home), path: importName === undefined ? [] : [normalName(importName)] } }];
}
