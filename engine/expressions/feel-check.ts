import { parseExpression, parseUnaryTests } from 'feelin';
import { problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { compilePattern } from './feel-functions.ts';

/** What keeps a FEEL expression within milliseconds; `feelin` itself has no limits. */
export const feelLimits = { characters: 4_000, iterations: 10_000, loops: 2, growth: 8, nesting: 60 } as const;

type Tree = ReturnType<typeof parseExpression>;
type Node = Tree['topNode'];

interface Check {
  source: string;
  /** Product of all literal ranges: loops may be nested. */
  iterations: number;
  /** Context entries that use an earlier entry twice: a chain of them doubles a text or list each time. */
  growth: number;
  /** Names of context entries anywhere in the expression. */
  keys: ReadonlySet<string>;
}

const patternFunctions = new Set(['matches', 'replace', 'split']);

/**
 * Says why an expression cannot be proven to end quickly, or that it is no FEEL; null when it is fine.
 * @param names variables whose names FEEL must know to parse them (names with spaces)
 */
export function checkFeel(source: string, kind: 'expression' | 'unaryTests', names: readonly string[] = []): Problem | null {
  if (source.length > feelLimits.characters) return problem(null, 'EXPRESSION_TOO_LONG', { limit: feelLimits.characters });
  const context = Object.fromEntries(names.map((name) => [name, null]));
  const tree = kind === 'expression' ? parseExpression(source, context, undefined) : parseUnaryTests(source, context, undefined);
  const keys = new Set<string>();
  tree.iterate({ enter: ({ name, from, to }) => void (name === 'Key' && keys.add(source.slice(from, to))) });
  return checkNode(tree.topNode, { source, iterations: 1, growth: 0, keys }, { depth: 0, loops: 0 });
}

function checkNode(node: Node, check: Check, at: { depth: number; loops: number }): Problem | null {
  if (node.type.isError) return syntaxProblem(check.source, node.from);
  const loops = at.loops + loopsOf(node);
  if (loops > feelLimits.loops) return unbounded(check, feelLimits.loops);
  // A pair of brackets is one level of the tree or up to three.
  if (at.depth > feelLimits.nesting * 3) return problem(null, 'EXPRESSION_TOO_DEEP', { source: check.source, limit: feelLimits.nesting });
  const own = checkOwn(node, check);
  if (own) return own;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    // What is filtered is evaluated once; only the condition runs per item.
    const outside = node.name === 'FilterExpression' && child.from === node.from;
    const inner = checkNode(child, check, { depth: at.depth + 1, loops: outside ? at.loops : loops });
    if (inner) return inner;
  }
  return null;
}

/** How many loops a node opens around its parts. */
function loopsOf(node: Node): number {
  if (node.name === 'InExpressions') return 0;
  if (node.name === 'FilterExpression') return node.lastChild?.prevSibling?.name === 'NumericLiteral' ? 0 : 1;
  return node.getChild('InExpressions')?.getChildren('InExpression').length ?? 0;
}

const unbounded = ({ source }: Check, limit: number) => problem(null, 'RANGE_UNBOUNDED', { source, limit });

function checkOwn(node: Node, check: Check): Problem | null {
  const { source } = check;
  switch (node.name) {
    case 'FunctionDefinition':
      return problem(null, 'RECURSION', { source });
    case 'FunctionInvocation':
      return checkInvocation(node, source);
    case 'VariableName':
      // `partial` lets a loop double its own result at each turn.
      return source.slice(node.from, node.to) === 'partial' ? unbounded(check, feelLimits.iterations) : null;
    case 'IterationContext':
      return checkRange(node, check);
    case 'ContextEntry':
      return usesOf(node, check) > 1 && ++check.growth > feelLimits.growth ? unbounded(check, feelLimits.growth) : null;
    default:
      return null;
  }
}

function usesOf(entry: Node, { source, keys }: Check): number {
  let uses = 0;
  entry.cursor().iterate(({ name, from, to }) => void (name === 'VariableName' && keys.has(source.slice(from, to)) && uses++));
  return uses;
}

function checkRange(node: Node, check: Check): Problem | null {
  const text = check.source.slice(node.from, node.to);
  if (!text.includes('..')) return null;
  const bounds = /^\[?\s*(-?\d{1,9})\s*\.\.\s*(-?\d{1,9})\s*\]?$/.exec(text);
  check.iterations *= bounds ? Math.abs(Number(bounds[2]) - Number(bounds[1])) + 1 : Infinity;
  return check.iterations > feelLimits.iterations ? unbounded(check, feelLimits.iterations) : null;
}

function checkInvocation(node: Node, source: string): Problem | null {
  const callee = node.firstChild;
  const name = callee ? source.slice(callee.from, callee.to) : '';
  if (!patternFunctions.has(name)) return null;
  const pattern = argument(node, 1, name === 'split' ? 'delimiter' : 'pattern', source);
  const flags = argument(node, name === 'replace' ? 3 : 2, 'flags', source);
  const literal = pattern !== null && /^"(?:[^"\\]|\\.)*"$/s.test(pattern);
  if (!literal || (flags !== null && !/^"[ims]*"$/.test(flags))) return problem(null, 'PATTERN_UNBOUNDED', { source, name });
  try {
    compilePattern(literalText(pattern), flags?.slice(1, -1) ?? '');
    return null;
  } catch {
    return problem(null, 'PATTERN_UNBOUNDED', { source, name });
  }
}

/** FEEL keeps a back-slash before most characters: `"\s"` is the pattern `\s`. */
const literalText = (literal: string) => literal.slice(1, -1).replaceAll('\\\\', '\\').replaceAll('\\"', '"');

function argument(invocation: Node, position: number, name: string, source: string): string | null {
  const positional = invocation.getChild('PositionalParameters');
  const children = (parent: Node) => {
    const result: Node[] = [];
    for (let child = parent.firstChild; child; child = child.nextSibling) if (child.name !== ',') result.push(child);
    return result;
  };
  if (positional) {
    const node = children(positional)[position];
    return node ? source.slice(node.from, node.to) : null;
  }
  const named = invocation.getChild('NamedParameters')?.getChildren('NamedParameter') ?? [];
  const parameter = named.find((each) => each.firstChild && source.slice(each.firstChild.from, each.firstChild.to).trim() === name);
  const value = parameter?.lastChild;
  return value ? source.slice(value.from, value.to) : null;
}

function syntaxProblem(source: string, at: number): Problem {
  return problem(null, 'EXPRESSION_INVALID', {
    element: '{element}',
    source,
    message: at < source.length ? `"${source.slice(at, at + 20)}"` : '…',
  });
}
