/** A piece of JUEL source; `at` is its offset in the whole template, for messages. */
export interface Token {
  kind: 'number' | 'string' | 'name' | 'operator' | 'end';
  text: string;
  at: number;
}

export class JuelSyntaxError extends Error {
  override name = 'JuelSyntaxError';
}

/** Words that are operators or literals and therefore no variable names. */
const operatorWords: Readonly<Record<string, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  gt: '>',
  le: '<=',
  ge: '>=',
  and: '&&',
  or: '||',
  not: '!',
  div: '/',
  mod: '%',
  empty: 'empty',
};
const operators = ['==', '!=', '<=', '>=', '&&', '||', '<', '>', '+', '-', '*', '/', '%', '!', '?', ':', '.', ',', '(', ')', '[', ']', '}'];
const numberPattern = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
// Letters of any script: variables may be named in Chinese.
const namePattern = /[\p{L}_$][\p{L}\p{N}_$]*/uy;

/** Reads the tokens after `${` up to its closing brace; `next` is the offset behind that brace. */
export function tokenize(source: string, from: number): { tokens: Token[]; next: number } {
  const tokens: Token[] = [];
  let at = from;
  for (;;) {
    while (/\s/.test(source[at] ?? '')) at++;
    if (at >= source.length) throw new JuelSyntaxError('Expected a closing }, but the text ends');
    const token = readToken(source, at);
    if (token.text === '}' && token.kind === 'operator') {
      tokens.push({ kind: 'end', text: '}', at });
      return { tokens, next: at + 1 };
    }
    tokens.push(token);
    at = token.kind === 'string' ? endOfString(source, at) : at + wordLength(source, at, token);
  }
}

function wordLength(source: string, at: number, token: Token): number {
  if (token.kind !== 'operator') return token.text.length;
  return operators.some((operator) => operator === token.text && source.startsWith(operator, at))
    ? token.text.length
    : (match(namePattern, source, at) as string).length;
}

function readToken(source: string, at: number): Token {
  const char = source[at] as string;
  if (char === '"' || char === "'") return { kind: 'string', text: readString(source, at), at };
  const number = match(numberPattern, source, at);
  if (number !== null) return { kind: 'number', text: number, at };
  const name = match(namePattern, source, at);
  if (name !== null)
    return Object.hasOwn(operatorWords, name)
      ? { kind: 'operator', text: operatorWords[name] as string, at }
      : { kind: 'name', text: name, at };
  const operator = operators.find((candidate) => source.startsWith(candidate, at));
  if (operator === undefined) throw new JuelSyntaxError(`Expected an expression, but found "${char}" at ${at}`);
  return { kind: 'operator', text: operator, at };
}

function match(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

function endOfString(source: string, at: number): number {
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === source[at]) return i + 1;
  }
  throw new JuelSyntaxError(`Expected a closing ${source[at]}, but the text ends`);
}

function readString(source: string, at: number): string {
  return source.slice(at + 1, endOfString(source, at) - 1).replaceAll(/\\(.)/gs, '$1');
}
