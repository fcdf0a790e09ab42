import { problem } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { feelLimits } from './function.ts';
import { parseFeel, specialNames } from './parse-feel.ts';
import type { FeelSort } from './parse-feel.ts';
import { compilePattern } from './pattern.ts';
import { readText } from './string-literal.ts';
import { nameOf, partOf, partsNamed, partsOf, textOf } from './tree.ts';
import type { FeelNode } from './tree.ts';

const patternFunctions = new Set(['matches', 'replace', 'split']);

/**
 * Says what is wrong with an expression before it runs: no FEEL, a range that is too long, a pattern that is not fixed.
 * What only shows at run time (recursion, ranges between variables) is stopped there by `feelLimits`.
 * @param names variables and entries whose names FEEL must know to read them (names with spaces)
 */
export function checkFeel(source: string, sort: FeelSort, names: readonly string[] = []): Problem | null {
  if (source.length > feelLimits.characters) return problem(null, 'EXPRESSION_TOO_LONG', { limit: feelLimits.characters });
  return checkTree(parseFeel(source, sort, specialNames(source, names)).topNode, source);
}

export function checkTree(node: FeelNode, source: string, depth = 0): Problem | null {
  if (node.type.isError) return syntaxProblem(source, node.from);
  // A pair of brackets is one level of the tree or up to three.
  if (depth > feelLimits.nesting * 3) return problem(null, 'EXPRESSION_TOO_DEEP', { source, limit: feelLimits.nesting });
  const own = checkOwn(node, source);
  if (own) return own;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const inner = checkTree(child, source, depth + 1);
    if (inner) return inner;
  }
  return null;
}

function checkOwn(node: FeelNode, source: string): Problem | null {
  if (node.name === 'FunctionInvocation') return checkInvocation(node, source);
  if (node.name !== 'IterationContext') return null;
  const bounds = /^\[?\s*(-?\d{1,15})\s*\.\.\s*(-?\d{1,15})\s*\]?$/.exec(source.slice(node.from, node.to));
  const length = bounds ? Math.abs(Number(bounds[2]) - Number(bounds[1])) : 0;
  return length > feelLimits.steps ? problem(null, 'RANGE_UNBOUNDED', { source, limit: feelLimits.steps }) : null;
}

function checkInvocation(node: FeelNode, source: string): Problem | null {
  const place = { source };
  const name = nameOf(partOf(node, 0), place);
  if (!patternFunctions.has(name)) return null;
  const [pattern, flags] = [
    argument(node, 1, name === 'split' ? 'delimiter' : 'pattern'),
    argument(node, name === 'replace' ? 3 : 2, 'flags'),
  ];
  const isFixed = (part: FeelNode | undefined) => part === undefined || part.name === 'StringLiteral' || part.name === 'null';
  if (!isFixed(pattern) || !isFixed(flags)) return problem(null, 'PATTERN_UNBOUNDED', { source, name });
  const read = (part: FeelNode | undefined) => (part?.name === 'StringLiteral' ? readText(textOf(part, place)) : '');
  return compilePattern(read(pattern), read(flags)) ? null : problem(null, 'PATTERN_UNBOUNDED', { source, name });

  function argument(invocation: FeelNode, position: number, parameter: string): FeelNode | undefined {
    const named = partsNamed(invocation, 'NamedParameters').flatMap((list) => partsNamed(list, 'NamedParameter'));
    const found = named.find((each) => nameOf(partOf(each, 0), place) === parameter);
    return found ? partsOf(found).at(-1) : partsNamed(invocation, 'PositionalParameters').map((list) => partOf(list, position))[0];
  }
}

function syntaxProblem(source: string, at: number): Problem {
  return problem(null, 'EXPRESSION_INVALID', {
    element: '{element}',
    source,
    message: at < source.length ? `"${source.slice(at, at + 20)}"` : '…',
  });
}
