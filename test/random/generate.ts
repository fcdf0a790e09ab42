import { createRandom } from '#engine/seed/random.ts';
import { allBlocks, largeBlocks, smallBlocks } from './blocks/all-blocks.ts';
import { drawStart, type ProcessStart } from './blocks/process-starts.ts';
import { add, connect, newId, type Block, type Drawn, type Scope, type World } from './draft.ts';
import { all, sequence, visits, type Visits, type Walk } from './walk.ts';

/** A random process with the one path that this run takes through it. The same seed and run give the same process. */
export interface RandomProcess {
  key: string;
  start: ProcessStart;
  xml: string;
  decisions: { name: string; content: string }[];
  variables: Record<string, unknown>;
  walk: Walk;
  visits: Visits;
  blocks: string[];
}

const MAX_DEPTH = 4;
/** Kinds that a run has to contain, and blocks that are drawn freely. */
const WANTED = 11;
const BUDGET = 4;

/** @param only names of the blocks that may be drawn; all when absent */
export function generateProcess(seed: number, run: number, only?: readonly string[]): RandomProcess {
  const random = createRandom(Math.imul(seed, 7_919) + run);
  const allowed = (block: Block) => !only || only.includes(block.name);
  const kinds = allBlocks.filter(allowed);
  const wanted = Array.from({ length: WANTED }, (_, index) => kinds[(run * WANTED + index) % kinds.length] as Block);
  const blocks: string[] = [];
  const world: World = {
    random,
    definitions: [],
    decisions: [],
    variables: {},
    wanted: [...wanted],
    budget: BUDGET,
    run,
    lastId: 0,
    draw,
  };

  /** The next kind that this run has to contain, else any kind while there is budget, else a single element. */
  function draw(scope: Scope): Drawn {
    const fits = (block: Block) =>
      allowed(block) && !(block.isSingle && scope.isCopied) && !(block.isOnce && (scope.isCopied || scope.isRepeated));
    const block = nextWanted(scope, fits) ?? random.pick(candidates(scope).filter(fits));
    blocks.push(block.name);
    return block.draw(scope);
  }
  function nextWanted({ depth }: Scope, fits: (block: Block) => boolean): Block | undefined {
    const index = world.wanted.findIndex((block) => fits(block) && (depth < MAX_DEPTH || smallBlocks.includes(block)));
    return index >= 0 && random.chance(0.7) ? world.wanted.splice(index, 1)[0] : undefined;
  }
  function candidates({ depth }: Scope): readonly Block[] {
    if (depth >= MAX_DEPTH || world.budget === 0 || !random.chance(0.4)) return smallBlocks;
    world.budget--;
    return largeBlocks;
  }

  const scope: Scope = { world, xml: [], depth: 0, isCopied: false, isRepeated: false };
  const begin = drawStart(scope, run);
  const walks: Walk[] = [];
  const seen: Visits[] = [begin.visits];
  let last = begin.exit;
  // A timer brings no variables along: the process makes them itself, from what is known at the end.
  const prepared = begin.start.by === 'timer' ? newId(world, 'prepare') : null;
  if (prepared !== null) {
    connect(scope, last, prepared);
    seen.push(visits(prepared));
    last = prepared;
  }
  while (world.wanted.length > 0 || walks.length === 0) {
    const drawn = draw(scope);
    connect(scope, last, drawn.entry);
    last = drawn.exit;
    walks.push(drawn.walk);
    seen.push(drawn.visits);
  }
  const end = add(scope, 'endEvent');
  connect(scope, last, end);
  if (prepared !== null) add(scope, 'scriptTask', { id: prepared, attributes: 'scriptFormat="javascript"', inside: scriptOf(world) });
  if (begin.start.by === 'condition') world.variables[begin.start.name] = 6;
  const key = `random_${seed}_${run}`;
  return {
    start: begin.start,
    key,
    xml: document(key, world, scope.xml),
    decisions: world.decisions,
    variables: world.variables,
    walk: sequence(...walks),
    visits: all([...seen, visits(end)]),
    blocks,
  };
}

function scriptOf({ variables }: World): string {
  const lines = Object.entries({ ...variables, prepared: true }).map(
    ([name, value]) => `execution.setVariable(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  return `<bpmn:script>${lines.join('\n')}</bpmn:script>`;
}

function document(key: string, { definitions }: World, elements: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:songbai="https://songbai.example/schema/1.0/bpmn" id="${key}_file" targetNamespace="test">
${definitions.join('\n')}
<bpmn:process id="${key}" isExecutable="true">
${elements.join('\n')}
</bpmn:process>
</bpmn:definitions>`;
}
