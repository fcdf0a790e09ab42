import { deepFreeze } from '#engine/definitions/deep-freeze.ts';
import { many, text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import { problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { compilePart } from './compile-part.ts';
import type { CompiledPart, Target } from './compile-part.ts';
import { openFiles } from './dmn-file.ts';
import type { DmnFile } from './dmn-file.ts';
import type { DecisionModel, DecisionPart } from './model.ts';
import { readDmn } from './read-dmn.ts';

export interface DecisionCompilation {
  /** What keeps each decision or service of the file from running is told beside it. */
  decisions: { model: DecisionModel; problems: Problem[] }[];
  /** Of the file as a whole. */
  problems: Problem[];
}

/**
 * Compiles DMN 1.1–1.5 XML into the decisions and decision services it holds, or says why it cannot. Never throws on bad input.
 * @param imports the other files that its `<import>`s may name
 */
export async function compileDecisions(
  xml: string,
  imports: readonly string[] = [],
): Promise<{ models: DecisionModel[]; problems: Problem[] }> {
  const { decisions, problems } = await compileEach(xml, imports);
  // A part that several decisions need is compiled once, but told by each of them.
  const told = new Map<string, Problem>();
  for (const found of [...problems, ...decisions.flatMap((decision) => decision.problems)])
    told.set(`${found.elementId} ${found.messages.en}`, found);
  return { models: told.size === 0 ? decisions.map(({ model }) => model) : [], problems: [...told.values()] };
}

/** The same, with the problems of each decision apart. */
export async function compileEach(xml: string, imports: readonly string[] = []): Promise<DecisionCompilation> {
  const { definitions, problems } = await readDmn(xml);
  if (!definitions) return { decisions: [], problems };
  const others = (await Promise.all(imports.map(readDmn))).flatMap((read) => read.definitions ?? []);
  let found: Problem[] = [];
  const file = openFiles(definitions, others, (each) => void found.push(each));
  const entries = many(definitions, 'drgElement').filter(
    (element) => element.$type === 'dmn:Decision' || element.$type === 'dmn:DecisionService',
  );
  if (!entries.some((element) => element.$type === 'dmn:Decision')) problems.push(problem(null, 'NO_DECISION'));
  const types = file.types.all();
  const compiled = new Map<ModdleElement, Compiled>();
  const decisions = entries.map((element) => {
    const graph: Graph = { order: new Map(), path: new Set(), seen: new Map(), problems: [] };
    collect(element, file, graph, (each, owner) => {
      const known = compiled.get(each);
      if (known) return known;
      found = [];
      const made = { ...compilePart(each, owner), problems: found };
      compiled.set(each, made);
      return made;
    });
    const [name, versionTag] = [text(element, 'name'), text(element, 'camunda:versionTag')];
    const historyTimeToLive = text(element, 'camunda:historyTimeToLive');
    const model = deepFreeze<DecisionModel>({
      key: element.id ?? '',
      ...(name !== undefined && { name }),
      ...(versionTag !== undefined && { versionTag }),
      ...(historyTimeToLive !== undefined && { historyTimeToLive }),
      parts: [...graph.order.values()],
      names: [...file.names],
      types,
    });
    return { model, problems: graph.problems };
  });
  return { decisions, problems };
}

interface Compiled extends CompiledPart {
  problems: Problem[];
}

interface Graph {
  /** In the order of evaluation. */
  order: Map<ModdleElement, DecisionPart>;
  path: Set<ModdleElement>;
  /** What has been collected, by the service inside which it runs; null = outside of all. */
  seen: Map<ModdleElement | null, Set<ModdleElement>>;
  problems: Problem[];
}

type Compile = (element: ModdleElement, file: DmnFile) => Compiled;

/**
 * Depth first, so that what a part needs comes before it; each part once, however many paths lead to it.
 * @param service inside which the part runs: the service is called with its inputs, so how they are made does not matter there
 */
function collect(element: ModdleElement, file: DmnFile, graph: Graph, compile: Compile, service: Target['service'] | null = null): void {
  const seen = graph.seen.get(service?.element ?? null) ?? new Set();
  graph.seen.set(service?.element ?? null, seen);
  seen.add(element);
  const { part, needs, problems } = compile(element, file);
  graph.problems.push(...problems);
  graph.path.add(element);
  for (const need of needs) {
    const inside = need.service ?? service;
    if (inside?.inputs.has(need.element)) {
      if (!graph.order.has(need.element)) graph.order.set(need.element, compile(need.element, need.file).part);
    } else if (graph.path.has(need.element)) {
      // A function may call itself; a decision that needs its own result has none.
      if (part.kind === 'decision') graph.problems.push(problem(part.id, 'DECISION_CYCLE'));
    } else if (!graph.seen.get(inside?.element ?? null)?.has(need.element)) collect(need.element, need.file, graph, compile, inside);
  }
  graph.path.delete(element);
  graph.order.set(element, part);
}
