import type { Random } from '#engine/seed/random.ts';
import type { Visits, Walk } from './walk.ts';

/** One random process while it is drawn, with the processes it calls. */
export interface World {
  random: Random;
  /** Messages, signals, errors, escalations and called processes. */
  definitions: string[];
  decisions: { name: string; content: string }[];
  /** Variables that the process starts with: they decide its conditions. */
  variables: Record<string, unknown>;
  /** Kinds that this run has to contain. */
  wanted: Block[];
  /** Blocks that may still be drawn freely. */
  budget: number;
  /** Part of every id: runs share a database, and names are looked up in all of it. */
  run: number;
  lastId: number;
  /** A block of any kind. */
  draw(scope: Scope): Drawn;
}

/** The process or sub-process that is drawn into. */
export interface Scope {
  world: World;
  xml: string[];
  depth: number;
  /** Several copies run at the same time: nothing in it may wait for a name. */
  isCopied: boolean;
  /** It runs several times, one after the other. */
  isRepeated: boolean;
}

/** A drawn piece with one way in and one way out, and what happens on the one path that this run takes. */
export interface Drawn {
  entry: string;
  exit: string;
  walk: Walk;
  visits: Visits;
}

export interface Block {
  name: string;
  draw(scope: Scope): Drawn;
  /** It waits for a name: not for scopes of which several copies run at the same time. */
  isSingle?: true;
  /** A second round would begin before the first one is over, in the same command. */
  isOnce?: true;
}

export function newId(world: World, prefix: string): string {
  return `${prefix}_${world.run}_${++world.lastId}`;
}

/** Adds an element to the scope. */
export function add(scope: Scope, tag: string, options: { attributes?: string; inside?: string; id?: string } = {}): string {
  const { attributes = '', inside = '' } = options;
  const id = options.id ?? newId(scope.world, tag);
  scope.xml.push(`<bpmn:${tag} id="${id}" ${attributes}>${inside}</bpmn:${tag}>`);
  return id;
}

export function connect(scope: Scope, from: string, to: string, condition?: string): string {
  const id = newId(scope.world, 'flow');
  const inside =
    condition === undefined ? '' : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`;
  scope.xml.push(`<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${inside}</bpmn:sequenceFlow>`);
  return id;
}

/** A flow node that passes through or waits once. */
export function single(id: string, walk: Walk, seen: Visits): Drawn {
  return { entry: id, exit: id, walk, visits: seen };
}

export function inner(scope: Scope, change: Partial<Scope> = {}): Scope {
  return { ...scope, xml: [], depth: scope.depth + 1, ...change };
}
