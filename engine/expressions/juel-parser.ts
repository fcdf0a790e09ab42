import { JuelSyntaxError, tokenize } from './juel-tokens.ts';
import type { Token } from './juel-tokens.ts';

/** The syntax tree of one `${…}`. */
export type JuelNode =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'name'; name: string }
  | { kind: 'call'; name: string; args: JuelNode[] }
  | { kind: 'index'; base: JuelNode; index: JuelNode }
  | { kind: 'method'; base: JuelNode; name: string; args: JuelNode[] }
  | { kind: 'unary'; operator: string; operand: JuelNode }
  | { kind: 'binary'; operator: string; left: JuelNode; right: JuelNode }
  | { kind: 'conditional'; test: JuelNode; yes: JuelNode; no: JuelNode };

/** Text and expressions in turn; a template with one expression and no text keeps the expression's type. */
export type JuelTemplate = (string | JuelNode)[];

const maxDepth = 60;
/** A long chain of operators is a deep tree as well. */
const maxTokens = 2_000;
/** Weakest first. */
const levels = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];

/** Parses text with `${…}` and `#{…}` parts; `\$` and `\#` stand for the character itself. @throws JuelSyntaxError */
export function parseTemplate(source: string): JuelTemplate {
  const parts: JuelTemplate = [];
  let text = '';
  for (let at = 0; at < source.length;) {
    const char = source[at] as string;
    if (char === '\\' && /[$#]/.test(source[at + 1] ?? '')) {
      text += source[at + 1];
      at += 2;
    } else if ((char === '$' || char === '#') && source[at + 1] === '{') {
      if (text) parts.push(text);
      text = '';
      const { tokens, next } = tokenize(source, at + 2);
      parts.push(parseExpression(tokens));
      at = next;
    } else {
      text += char;
      at++;
    }
  }
  if (text) parts.push(text);
  return parts;
}

interface Parser {
  peek(): Token;
  next(): Token;
  /** Takes the operator if it comes next. */
  accept(operator: string): boolean;
  expect(operator: string): void;
  /** Runs one nested rule and refuses what would exhaust the stack. */
  deeper<T>(rule: () => T): T;
}

function createParser(tokens: Token[]): Parser {
  let at = 0;
  let depth = 0;
  const peek = () => tokens[at] as Token;
  const is = (operator: string) => peek().kind === 'operator' && peek().text === operator;
  const parser: Parser = {
    peek,
    next: () => tokens[at++] as Token,
    accept: (operator) => is(operator) && Boolean(++at),
    expect(operator) {
      if (!parser.accept(operator)) throw new JuelSyntaxError(`Expected "${operator}", but found "${peek().text}" at ${peek().at}`);
    },
    deeper(rule) {
      if (++depth > maxDepth) throw new JuelSyntaxError(`Expected at most ${maxDepth} nested parts, but found more`);
      const result = rule();
      depth--;
      return result;
    },
  };
  return parser;
}

function parseExpression(tokens: Token[]): JuelNode {
  if (tokens.length > maxTokens) throw new JuelSyntaxError(`Expected at most ${maxTokens} words and operators, but found ${tokens.length}`);
  const parser = createParser(tokens);
  const node = conditional(parser);
  if (parser.peek().kind !== 'end')
    throw new JuelSyntaxError(`Expected the end of the expression, but found "${parser.peek().text}" at ${parser.peek().at}`);
  return node;
}

function conditional(parser: Parser): JuelNode {
  return parser.deeper(() => {
    const test = binary(parser, 0);
    if (!parser.accept('?')) return test;
    const yes = conditional(parser);
    parser.expect(':');
    return { kind: 'conditional', test, yes, no: conditional(parser) };
  });
}

function binary(parser: Parser, level: number): JuelNode {
  const wanted = levels[level];
  if (!wanted) return unary(parser);
  let left = binary(parser, level + 1);
  for (let operator = wanted.find((each) => parser.accept(each)); operator; operator = wanted.find((each) => parser.accept(each))) {
    left = { kind: 'binary', operator, left, right: binary(parser, level + 1) };
  }
  return left;
}

function unary(parser: Parser): JuelNode {
  const operator = ['!', '-', 'empty'].find((each) => parser.accept(each));
  return operator ? parser.deeper(() => ({ kind: 'unary', operator, operand: unary(parser) })) : postfix(parser, primary(parser));
}

function postfix(parser: Parser, base: JuelNode): JuelNode {
  for (let node = base; ;) {
    if (parser.accept('.')) {
      const name = parser.next();
      if (name.kind !== 'name') throw new JuelSyntaxError(`Expected a name after ".", but found "${name.text}" at ${name.at}`);
      node = parser.accept('(')
        ? { kind: 'method', base: node, name: name.text, args: list(parser) }
        : { kind: 'index', base: node, index: { kind: 'literal', value: name.text } };
    } else if (parser.accept('[')) {
      const index = conditional(parser);
      parser.expect(']');
      node = { kind: 'index', base: node, index };
    } else return node;
  }
}

function primary(parser: Parser): JuelNode {
  const token = parser.next();
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  if (token.kind === 'string') return { kind: 'literal', value: token.text };
  if (token.kind === 'name') return named(parser, token.text);
  if (token.kind === 'operator' && token.text === '(') {
    const node = conditional(parser);
    parser.expect(')');
    return node;
  }
  throw new JuelSyntaxError(`Expected a value, but found "${token.text}" at ${token.at}`);
}

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function named(parser: Parser, name: string): JuelNode {
  if (Object.hasOwn(constants, name)) return { kind: 'literal', value: constants[name] as boolean | null };
  return parser.accept('(') ? { kind: 'call', name, args: list(parser) } : { kind: 'name', name };
}

function list(parser: Parser): JuelNode[] {
  const args: JuelNode[] = [];
  if (parser.accept(')')) return args;
  do args.push(conditional(parser));
  while (parser.accept(','));
  parser.expect(')');
  return args;
}
