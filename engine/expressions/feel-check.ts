import { parseExpression, parseUnaryTests } from 'feelin';
import { problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { compilePattern } from './feel-functions.ts';

/** What keeps a FEEL expression within milliseconds; `feelin` itself has no limits. */
export const feelLimits = { iterations: 10_000, loops: 3, growth: 8, nesting: 60 } as const;

type Tree = ReturnType<typeof parseExpression>;
type Node = Tree['topNode'];

const patternFunctions = new Set(['matches', 'replace', 'split']);
/** Functions whose result may be as large as their arguments together: chained, they double. */
const growing = new Set(['concatenate', 'append', 'union', 'flatten', 'insert before', 'string join']);

/**
 * Says why an expression cannot be proven to end quickly, or that it is no FEEL; null when it is fine.
 * @param names variables whose names FEEL must know to parse them (names with spaces)
 */
export function checkFeel(source: string, kind: 'expression' | 'unaryTests', names: readonly string[] = []): Problem | null {
  const context = Object.fromEntries(names.map((name) => [name, null]));
  const tree = kind === 'expression' ? parseExpression(source, context, undefined) : parseUnaryTests(source, context, undefined);
  const found = { loops: 0, growth: 0 };
  return checkNode(tree.topNode, source, found, 0);
}

function checkNode(node: Node, source: string, found: { loops: number; growth: number }, depth: number): Problem | null {
  if (node.type.isError) return syntaxProblem(source, node.from);
  if (depth > feelLimits.nesting * 3) return problem(null, 'EXPRESSION_TOO_LONG', { source, limit: feelLimits.nesting });
  const own = checkOwn(node, source, found);
  if (own) return own;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const inner = checkNode(child, source, found, depth + 1);
    if (inner) return inner;
  }
  return null;
}

function checkOwn(node: Node, source: string, found: { loops: number; growth: number }): Problem | null {
  const text = source.slice(node.from, node.to);
  switch (node.name) {
    case 'FunctionDefinition':
      return problem(null, 'RECURSION', { source });
    case 'FunctionInvocation':
      return checkInvocation(node, source, found);
    case 'VariableName':
      // `partial` lets a loop double its own result at each turn.
      return text === 'partial' ? problem(null, 'RANGE_UNBOUNDED', { source, limit: feelLimits.iterations }) : null;
    case 'InExpression':
      return ++found.loops > feelLimits.loops ? problem(null, 'RANGE_UNBOUNDED', { source, limit: feelLimits.iterations }) : null;
    case 'IterationContext':
      return checkRange(text, node, source);
    case 'ArithmeticExpression':
      return node.parent?.name === 'ContextEntry' && ++found.growth > feelLimits.growth ? tooMuchGrowth(source) : null;
    default:
      return null;
  }
}

const tooMuchGrowth = (source: string) => problem(null, 'RANGE_UNBOUNDED', { source, limit: feelLimits.growth });

function checkRange(text: string, node: Node, source: string): Problem | null {
  const bounds = /^\[?\s*(-?\d{1,9})\s*\.\.\s*(-?\d{1,9})\s*\]?$/.exec(text);
  const isRange = node.getChild('..') !== null || text.includes('..');
  if (!isRange) return null;
  const size = bounds ? Math.abs(Number(bounds[2]) - Number(bounds[1])) + 1 : Infinity;
  return size > feelLimits.iterations ? problem(null, 'RANGE_UNBOUNDED', { source, limit: feelLimits.iterations }) : null;
}

function checkInvocation(node: Node, source: string, found: { growth: number }): Problem | null {
  const callee = node.firstChild;
  const name = callee ? source.slice(callee.from, callee.to) : '';
  if (growing.has(name) && ++found.growth > feelLimits.growth) return tooMuchGrowth(source);
  if (!patternFunctions.has(name)) return null;
  const pattern = argument(node, 1, name === 'split' ? 'delimiter' : 'pattern', source);
  const flags = argument(node, name === 'replace' ? 3 : 2, 'flags', source);
  const literal = (text: string | null) => text !== null && /^"(?:[^"\\]|\\.)*"$/s.test(text);
  if (!literal(pattern) || (flags !== null && !/^"[ims]*"$/.test(flags))) return problem(null, 'PATTERN_UNBOUNDED', { source, name });
  try {
    compilePattern(literalText(pattern as string), flags?.slice(1, -1) ?? '');
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
