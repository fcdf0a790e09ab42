import type { parseExpression } from 'feelin';
import type { FeelCode } from './scope.ts';

/** A node of feelin's syntax tree. */
export type FeelNode = ReturnType<typeof parseExpression>['topNode'];

/** Where a node stands. */
export interface Place {
  source: string;
  /** Inside `[…]` a name may be an entry that some items lack. */
  inFilter: boolean;
  /** For the parts of a node. */
  compile(node: FeelNode, place: Place): FeelCode;
}

export const textOf = (node: FeelNode, { source }: Pick<Place, 'source'>): string => source.slice(node.from, node.to);

/** The parts of a node, without comments. */
export function partsOf(node: FeelNode): FeelNode[] {
  const parts: FeelNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (!child.type.isSkipped) parts.push(child);
  return parts;
}

export const partOf = (node: FeelNode, index: number): FeelNode => partsOf(node)[index] as FeelNode;
export const partsNamed = (node: FeelNode, name: string): FeelNode[] => partsOf(node).filter((each) => each.name === name);

/** What a turn of a loop or a call costs: by the size of what is evaluated each time. */
export function costOf(node: FeelNode): number {
  let nodes = 0;
  node.cursor().iterate(() => void nodes++);
  return 1 + nodes / 16;
}

/** Identifiers with one space between, as feelin reads them. */
export function nameOf(node: FeelNode, place: Pick<Place, 'source'>): string {
  const parts = partsOf(node);
  return parts.length === 0 ? textOf(node, place) : parts.map((each) => nameOf(each, place)).join(' ');
}
