import type { Expression } from '#engine/core/model.ts';
import { deepFreeze } from '#engine/definitions/deep-freeze.ts';
import { many, one, text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { placeProblem, problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import type { ProblemCode } from '#engine/definitions/problem-texts.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { checkFeel } from '#engine/expressions/feel/check-feel.ts';
import { compileTable } from './compile-table.ts';
import { decisionExpression, typeOf } from './decision-source.ts';
import type { DecisionModel, DecisionPart, LiteralDecision } from './model.ts';
import { readDmn } from './read-dmn.ts';

export type CompiledDecision = DecisionModel;

export interface DecisionCompilation {
  problems: Problem[];
  /** Names of item definitions: types that are passed through unconverted. */
  ownTypes: ReadonlySet<string>;
  report: (elementId: string, code: ProblemCode, values?: Record<string, string | number>) => void;
  /** Checks an expression or a unary test; returns it for convenience. */
  checked: (expression: Expression, kind: 'expression' | 'unaryTests', elementId: string) => Expression;
}

/** Compiles DMN 1.1–1.5 XML into the decisions it holds, or says why it cannot. Never throws on bad input. */
export async function compileDecisions(xml: string): Promise<{ models: DecisionModel[]; problems: Problem[] }> {
  const { definitions, problems } = await readDmn(xml);
  if (!definitions) return { models: [], problems };
  const elements = many(definitions, 'drgElement');
  const decisions = elements.filter((element) => element.$type === 'dmn:Decision');
  if (decisions.length === 0) problems.push(problem(null, 'NO_DECISION'));
  const compilation = createCompilation(definitions, problems, elements.flatMap(namesOf));
  const byId = new Map(decisions.map((decision) => [decision.id ?? '', decision]));
  const parts = new Map(decisions.map((decision) => [decision, compilePart(decision, compilation)]));
  const models = decisions.map((decision) => compileDecision(decision, byId, parts, compilation));
  return { models: problems.length === 0 ? models.filter((model) => model !== null).map(deepFreeze) : [], problems };
}

function createCompilation(definitions: ModdleElement, problems: Problem[], names: string[]): DecisionCompilation {
  // A decision required twice is compiled twice; its problems are told once.
  const add = (found: Problem) => {
    if (!problems.some((known) => known.elementId === found.elementId && known.messages.en === found.messages.en)) problems.push(found);
  };
  const report: DecisionCompilation['report'] = (elementId, code, values) => add(problem(elementId, code, values));
  return {
    problems,
    ownTypes: new Set(many(definitions, 'itemDefinition').map((type) => text(type, 'name') ?? '')),
    report,
    checked(expression, kind, elementId) {
      const found = expression.language === 'feel' ? checkFeel(expression.source, kind, names) : checkExpression(expression);
      if (found) add(placeProblem(found, elementId));
      return expression;
    },
  };
}

function namesOf(element: ModdleElement): string[] {
  const variable = one(element, 'variable');
  const outputs = one(element, 'decisionLogic') ? many(one(element, 'decisionLogic') as ModdleElement, 'output') : [];
  return [text(element, 'name'), variable && text(variable, 'name'), ...outputs.map((output) => text(output, 'name'))].filter(
    (name) => name !== undefined,
  );
}

function compilePart(decision: ModdleElement, compilation: DecisionCompilation): DecisionPart | null {
  const key = decision.id ?? '';
  if (many(decision, 'knowledgeRequirement').length > 0) compilation.report(key, 'DECISION_LOGIC_UNSUPPORTED');
  const holder = one(decision, 'variable');
  const variable = (holder && text(holder, 'name')) ?? text(decision, 'name') ?? key;
  const logic = compileLogic(decision, variable, compilation);
  return logic && { key, variable, logic };
}

function compileDecision(
  decision: ModdleElement,
  byId: ReadonlyMap<string, ModdleElement>,
  parts: ReadonlyMap<ModdleElement, DecisionPart | null>,
  compilation: DecisionCompilation,
): DecisionModel | null {
  const part = parts.get(decision);
  if (!part) return null;
  const order = new Set<ModdleElement>();
  collectRequired(decision, byId, { order, path: new Set() }, compilation);
  const name = text(decision, 'name');
  const [versionTag, historyTimeToLive] = [text(decision, 'camunda:versionTag'), text(decision, 'camunda:historyTimeToLive')];
  return {
    ...part,
    ...(name !== undefined && { name }),
    ...(versionTag !== undefined && { versionTag }),
    ...(historyTimeToLive !== undefined && { historyTimeToLive }),
    requires: [...order].flatMap((required) => parts.get(required) ?? []),
  };
}

/** Depth first, so that what a decision needs comes before it; each decision once, however many paths lead to it. */
function collectRequired(
  decision: ModdleElement,
  byId: ReadonlyMap<string, ModdleElement>,
  found: { order: Set<ModdleElement>; path: Set<ModdleElement> },
  compilation: DecisionCompilation,
): void {
  found.path.add(decision);
  for (const required of requiredDecisions(decision, byId, compilation)) {
    if (found.path.has(required)) compilation.report(decision.id ?? '', 'DECISION_CYCLE');
    else if (!found.order.has(required)) {
      collectRequired(required, byId, found, compilation);
      found.order.add(required);
    }
  }
  found.path.delete(decision);
}

function requiredDecisions(
  decision: ModdleElement,
  byId: ReadonlyMap<string, ModdleElement>,
  compilation: DecisionCompilation,
): ModdleElement[] {
  return many(decision, 'informationRequirement').flatMap((requirement) => {
    const reference = one(requirement, 'requiredDecision');
    const target = reference && text(reference, 'href');
    if (target === undefined) return [];
    const required = byId.get(target.replace(/^#/, ''));
    if (!required) compilation.report(decision.id ?? '', 'UNRESOLVED_REFERENCE', { property: 'requiredDecision', target });
    return required ?? [];
  });
}

function compileLogic(decision: ModdleElement, variable: string, compilation: DecisionCompilation): DecisionModel['logic'] | null {
  const logic = one(decision, 'decisionLogic');
  if (logic?.$type === 'dmn:DecisionTable') return compileTable(logic, decision.id ?? '', variable, compilation);
  if (logic?.$type === 'dmn:LiteralExpression') return compileLiteral(logic, decision, compilation);
  compilation.report(decision.id ?? '', 'DECISION_LOGIC_UNSUPPORTED');
  return null;
}

function compileLiteral(logic: ModdleElement, decision: ModdleElement, compilation: DecisionCompilation): LiteralDecision | null {
  const id = decision.id ?? '';
  const expression = decisionExpression(logic, id, compilation);
  if (!expression) {
    compilation.report(id, 'DECISION_LOGIC_UNSUPPORTED');
    return null;
  }
  const variable = one(decision, 'variable');
  const type = variable && typeOf(variable, id, compilation);
  return { kind: 'literal', expression: compilation.checked(expression, 'expression', id), ...(type && { type }) };
}
