import type { Element, Expression, ProcessElement, ProcessModel, SequenceFlow } from '#engine/core/model.ts';
import { checkCompensation } from './check-compensation.ts';
import { checkExpressions } from './check-expressions.ts';
import { loadImports } from './check-imports.ts';
import type { OtherFile } from './check-imports.ts';
import { checkModel } from './check-model.ts';
import { checkStructure } from './check-structure.ts';
import { createCompilation } from './compilation.ts';
import type { Compilation } from './compilation.ts';
import { connectHandlers } from './compile-compensation.ts';
import { compileElement } from './compile-element.ts';
import { compileFlow } from './compile-flow.ts';
import { collectNodes } from './flow-nodes.ts';
import type { FlowNodes } from './flow-nodes.ts';
import { connect, scopeParts } from './graph.ts';
import { deepFreeze } from './deep-freeze.ts';
import { elementBase } from './element-base.ts';
import type { GeneratedForm } from './form-data.ts';
import { namesOf } from './human-resources.ts';
import { extensions, flag, many, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { isError, problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { readBpmn } from './read-bpmn.ts';
import { splitList } from './expression-source.ts';

export interface CompiledProcess {
  model: ProcessModel;
  /** `formKey` or `formRef` of the start event, when it is a literal. */
  startFormKey: string | null;
  /** Forms made of `camunda:formData`, to be deployed along. */
  forms: GeneratedForm[];
}
export interface CompileResult {
  /** The executable processes of the file; empty as soon as there is one error. */
  models: CompiledProcess[];
  problems: Problem[];
}
export interface CompileOptions {
  /** Says what is wrong with an expression's text; the element id is filled in by the compiler. */
  checkExpression?: (expression: Expression) => Problem | null;
  /** The files that are deployed along with this one, for its imports. */
  otherFile?: OtherFile;
  /** It was deployed under the checks of its day: what can be run runs on, whatever today's checks say. */
  isStored?: boolean;
}

/** Compiles BPMN 2.0 XML (Camunda 7 dialect) into the models that the core runs, or says why it cannot. Never throws on bad input. */
export async function compileProcesses(xml: string, options: CompileOptions = {}): Promise<CompileResult> {
  const { definitions, problems } = await readBpmn(xml);
  if (!definitions) return { models: [], problems };
  const executable = many(definitions, 'rootElements').filter((root) => root.$type === 'bpmn:Process' && flag(root, 'isExecutable'));
  if (executable.length === 0) problems.push(problem(null, 'NO_EXECUTABLE_PROCESS'));
  const models = executable.map((process) => {
    const compiled = compileProcess(process, options);
    problems.push(...compiled.problems);
    return compiled.result;
  });
  const imports = await loadImports(definitions, options.otherFile ?? (() => undefined));
  const all = [...merge(problems, checkModel(definitions, imports.files)), ...imports.problems];
  return { models: all.some(isError) && !options.isStored ? [] : models.filter((model) => model !== null), problems: all };
}

/** One sentence per fault: a check of BPMN's rules stays silent where the compiler has spoken, or speaks for it where it knows more. */
function merge(compiled: Problem[], checked: Problem[]): Problem[] {
  const key = (code: string, elementId: string | null) => `${code} ${elementId}`;
  const compiledKeys = new Set(compiled.map(({ code, elementId }) => key(code, elementId)));
  const checkedKeys = new Set(checked.map(({ code, elementId }) => key(code, elementId)));
  return [
    ...compiled.filter(({ code, elementId }) => code !== 'UNSUPPORTED_EVENT' || !checkedKeys.has(key('EVENT_POSITION', elementId))),
    ...checked.filter(({ code, elementId }) => {
      // An operation that is named, but not there, is not missing too.
      if (code === 'OPERATION_MISSING' && compiledKeys.has(key('REFERENCE_UNUSED', elementId))) return false;
      return !compiledKeys.has(key(code, elementId));
    }),
  ];
}

function compileProcess(process: ModdleElement, options: CompileOptions): { result: CompiledProcess | null; problems: Problem[] } {
  const nodes = collectNodes(process);
  const compilation = createCompilation(process, nodes.indexOf);
  const ok = nodes.all.every((node) => node.id !== undefined);
  if (!ok) {
    for (const node of nodes.all) if (node.id === undefined) compilation.report(process.id ?? '', 'MISSING_ID', { type: node.$type });
    return { result: null, problems: compilation.problems };
  }
  const elements = [processElement(process, nodes, compilation), ...nodes.all.slice(1).map((node) => compileElement(node, compilation))];
  const flows = nodes.flows.flatMap((flow) => compileFlow(flow, compilation) ?? []);
  flows.forEach((flow, index) => (flow.index = index));
  const model = assemble(process, elements, flows, nodes, compilation);
  if (model) {
    checkStructure(model, compilation);
    checkCompensation(model, compilation);
    if (options.checkExpression) checkExpressions(model, options.checkExpression, compilation);
  }
  const result = model && { model: deepFreeze(model), startFormKey: startFormKey(model), forms: compilation.forms };
  return { result, problems: compilation.problems };
}

function processElement(process: ModdleElement, nodes: FlowNodes, compilation: Compilation): ProcessElement {
  return { ...elementBase(process, compilation), type: 'bpmn:Process', ...scopeParts(process, nodes) };
}

/** Null when an element could not be compiled: then the graph has holes and further checks would only confuse. */
function assemble(
  process: ModdleElement,
  compiled: (Element | null)[],
  flows: SequenceFlow[],
  nodes: FlowNodes,
  compilation: Compilation,
): ProcessModel | null {
  const elements = compiled.filter((element) => element !== null);
  if (elements.length !== compiled.length) return null;
  connect(elements, flows, nodes, compilation);
  connectHandlers(elements, nodes, compilation);
  const starters = potentialStarters(process);
  const timeToLive = text(process, 'camunda:historyTimeToLive');
  if (timeToLive !== undefined && !/^(?:P\d{1,6}D|\d{1,6})$/.test(timeToLive))
    compilation.report(process.id as string, 'TIME_TO_LIVE_INVALID', { value: timeToLive });
  const historyLevel = text(process, 'songbai:historyLevel');
  if (historyLevel !== undefined && !/^(?:none|activity|audit|full)$/.test(historyLevel))
    compilation.report(process.id as string, 'HISTORY_LEVEL_INVALID', { value: historyLevel });
  const optional = {
    name: text(process, 'name'),
    versionTag: text(process, 'camunda:versionTag'),
    historyTimeToLive: timeToLive,
  };
  return {
    key: process.id as string,
    ...(optional.name !== undefined && { name: optional.name }),
    ...(optional.versionTag !== undefined && { versionTag: optional.versionTag }),
    ...(optional.historyTimeToLive !== undefined && { historyTimeToLive: optional.historyTimeToLive }),
    startableInTasklist: flag(process, 'camunda:isStartableInTasklist'),
    candidateStarterGroups: [...starters.groups, ...splitList(text(process, 'camunda:candidateStarterGroups') ?? '')],
    candidateStarterUsers: [...starters.users, ...splitList(text(process, 'camunda:candidateStarterUsers') ?? '')],
    elements,
    flows,
    indexById: Object.fromEntries(elements.map((element) => [element.id, element.index])),
  };
}

/** `camunda:potentialStarter`, the older way to write the candidates. */
function potentialStarters(process: ModdleElement): { users: string[]; groups: string[] } {
  const { users, groups } = namesOf(extensions(process, 'camunda:PotentialStarter'));
  const texts = (names: Expression[]) => names.map((name) => (name.language === 'literal' ? name.value : name.source));
  return { users: texts(users), groups: texts(groups) };
}

function startFormKey(model: ProcessModel): string | null {
  const start = model.elements[(model.elements[0] as ProcessElement).initial ?? -1];
  if (start?.type !== 'bpmn:StartEvent') return null;
  const key = start.formRef?.key ?? start.formKey;
  return key?.language === 'literal' ? key.value : null;
}
