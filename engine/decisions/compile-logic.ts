import { many, one, text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { normalName } from '#engine/expressions/feel/scope.ts';
import { compileTable } from './compile-table.ts';
import { decisionExpression, valueType } from './decision-source.ts';
import type { DmnFile } from './dmn-file.ts';
import type { ContextEntry, FunctionLogic, Logic, ValueType } from './model.ts';

/** Where an expression stands: problems name the decision, a table's only output takes the name of the variable. */
export interface Owner {
  id: string;
  variable: string;
  file: DmnFile;
}

/** A boxed expression; null, and a problem, when it is none. */
export function compileLogic(element: ModdleElement | undefined, owner: Owner): Logic | null {
  const compile = element && compilers[element.$type];
  if (!compile) {
    owner.file.report(owner.id, 'DECISION_LOGIC_UNSUPPORTED');
    return null;
  }
  return compile(element, owner);
}

const missing: Logic = { kind: 'expression', expression: { language: 'feel', source: 'null' } };
const logicOf = (element: ModdleElement | undefined, owner: Owner): Logic => compileLogic(element, owner) ?? missing;
/** The expression in `<if>`, `<in>`, `<return>` and the like. */
const childOf = (element: ModdleElement, name: string, owner: Owner): Logic => {
  const holder = one(element, name);
  return logicOf(holder && one(holder, 'value'), owner);
};

function typed(element: ModdleElement, { id, file }: Owner): { type?: ValueType } {
  const type = valueType(element, id, file);
  return type ? { type } : {};
}

const nameIn = (element: ModdleElement, property = 'name') => normalName(text(element, property) ?? '');

const compilers: Readonly<Record<string, (element: ModdleElement, owner: Owner) => Logic | null>> = {
  'dmn:DecisionTable': (element, owner) => ({ ...compileTable(element, owner.id, owner.variable, owner.file), ...typed(element, owner) }),
  'dmn:LiteralExpression': (element, owner) => {
    const expression = decisionExpression(element, owner.id, owner.file);
    if (!expression) return missing;
    return { kind: 'expression', expression: owner.file.checked(expression, 'expression', owner.id), ...typed(element, owner) };
  },
  'dmn:Context': (element, owner) => ({
    kind: 'context',
    entries: many(element, 'contextEntry').map((entry) => compileEntry(entry, owner)),
    ...typed(element, owner),
  }),
  'dmn:Invocation': (element, owner) => ({
    kind: 'invocation',
    callee: logicOf(one(element, 'calledFunction'), owner),
    bindings: many(element, 'binding').map((binding) => {
      const formula = one(binding, 'bindingFormula');
      const parameter = one(binding, 'parameter');
      return { name: parameter ? nameIn(parameter) : '', logic: formula ? logicOf(formula, owner) : missing };
    }),
    ...typed(element, owner),
  }),
  'dmn:List': (element, owner) => ({ kind: 'list', items: itemsOf(element, owner), ...typed(element, owner) }),
  'dmn:Relation': (element, owner) => ({
    kind: 'relation',
    columns: many(element, 'column').map((column) => text(column, 'name') ?? ''),
    rows: many(element, 'row').map((row) => itemsOf(row, owner)),
    ...typed(element, owner),
  }),
  'dmn:FunctionDefinition': compileFunction,
  'dmn:Conditional': (element, owner) => ({
    kind: 'conditional',
    condition: childOf(element, 'if', owner),
    yes: childOf(element, 'then', owner),
    no: childOf(element, 'else', owner),
    ...typed(element, owner),
  }),
  'dmn:Filter': (element, owner) => ({
    kind: 'filter',
    in: childOf(element, 'in', owner),
    match: childOf(element, 'match', owner),
    ...typed(element, owner),
  }),
  'dmn:For': (element, owner) => ({ kind: 'for', ...iterator(element, owner), return: childOf(element, 'return', owner) }),
  'dmn:Some': (element, owner) => ({ kind: 'some', ...iterator(element, owner), satisfies: childOf(element, 'satisfies', owner) }),
  'dmn:Every': (element, owner) => ({ kind: 'every', ...iterator(element, owner), satisfies: childOf(element, 'satisfies', owner) }),
};

const itemsOf = (list: ModdleElement, owner: Owner) => many(list, 'elements').map((item) => logicOf(item, owner));

const iterator = (element: ModdleElement, owner: Owner) => ({
  variable: nameIn(element, 'iteratorVariable'),
  in: childOf(element, 'in', owner),
  ...typed(element, owner),
});

function compileEntry(entry: ModdleElement, owner: Owner): ContextEntry {
  const variable = one(entry, 'variable');
  const name = variable && text(variable, 'name');
  const logic = logicOf(one(entry, 'value'), { ...owner, variable: name ?? owner.variable });
  return { ...(variable && { name: name ?? '', ...typed(variable, owner) }), logic };
}

/** Of a business knowledge model or a boxed function. */
export function compileFunction(element: ModdleElement, owner: Owner): FunctionLogic {
  const isFeel = (text(element, 'kind') ?? 'FEEL') === 'FEEL';
  const body = one(element, 'body');
  return {
    kind: 'function',
    parameters: many(element, 'formalParameter').map((parameter) => ({ name: nameIn(parameter), ...typed(parameter, owner) })),
    body: isFeel && body ? logicOf(body, owner) : null,
    ...typed(element, owner),
  };
}
