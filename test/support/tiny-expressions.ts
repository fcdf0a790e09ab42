/**
 * A small, safe interpreter for the expressions of tests: `a > 1 && b.c == 'x'`, arithmetic, `!`, brackets, property paths.
 * It is no stand-in for engine/expressions; it has no functions and no coercion.
 */
export type Lookup = (name: string) => unknown;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-+*/<>!().]))/y;
type Token = { kind: 'number' | 'text' | 'name' | 'operator'; text: string };

const BINARY: Record<string, { power: number; apply(a: never, b: never): unknown }> = {
  '||': { power: 1, apply: (a: unknown, b: unknown) => a || b },
  '&&': { power: 2, apply: (a: unknown, b: unknown) => a && b },
  '==': { power: 3, apply: (a: unknown, b: unknown) => a === b },
  '!=': { power: 3, apply: (a: unknown, b: unknown) => a !== b },
  '<': { power: 4, apply: (a: number, b: number) => a < b },
  '<=': { power: 4, apply: (a: number, b: number) => a <= b },
  '>': { power: 4, apply: (a: number, b: number) => a > b },
  '>=': { power: 4, apply: (a: number, b: number) => a >= b },
  '+': { power: 5, apply: (a: number, b: number) => a + b },
  '-': { power: 5, apply: (a: number, b: number) => a - b },
  '*': { power: 6, apply: (a: number, b: number) => a * b },
  '/': { power: 6, apply: (a: number, b: number) => a / b },
};
const CONSTANTS: Record<string, unknown> = { true: true, false: false, null: null };

/** Evaluates `${expression}`, or a text with such parts in it. @throws when the source is not understood or a name is unknown */
export function evaluateTiny(source: string, lookup: Lookup): unknown {
  const whole = /^\s*[$#]\{([^}]*)\}\s*$/.exec(source);
  if (whole) return evaluateSource(whole[1] ?? '', lookup);
  return source.replaceAll(/[$#]\{([^}]*)\}/g, (_, inner: string) => String(evaluateSource(inner, lookup)));
}

function evaluateSource(source: string, lookup: Lookup): unknown {
  const tokens = tokenize(source);
  let at = 0;
  const isNext = (text: string) => tokens[at]?.kind === 'operator' && tokens[at]?.text === text;

  function primary(): unknown {
    const token = tokens[at++];
    if (!token) throw new Error(`Expected more after ${source}`);
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'text') return token.text;
    if (token.kind === 'name') return path(Object.hasOwn(CONSTANTS, token.text) ? CONSTANTS[token.text] : lookup(token.text));
    if (token.text === '!') return !primary();
    if (token.text === '-') return -(primary() as number);
    if (token.text !== '(') throw new Error(`Expected a value in ${source}, but it is ${token.text}`);
    const value = expression(0);
    at++;
    return value;
  }
  function path(value: unknown): unknown {
    let result = value;
    while (isNext('.')) {
      result = (result as Record<string, unknown>)[tokens[at + 1]?.text ?? ''];
      at += 2;
    }
    return result;
  }
  function expression(power: number): unknown {
    let left = primary();
    for (;;) {
      const operator = tokens[at]?.kind === 'operator' ? BINARY[tokens[at]?.text ?? ''] : undefined;
      if (!operator || operator.power <= power) return left;
      at++;
      left = operator.apply(left as never, expression(operator.power) as never);
    }
  }
  const value = expression(0);
  if (at < tokens.length) throw new Error(`Expected the end of ${source}, but there is ${tokens[at]?.text}`);
  return value;
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const match = TOKEN.exec(source);
    if (!match) throw new Error(`Expected an expression, but it is ${source}`);
    const [, number, text, name, operator] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'operator', text: operator ?? '' });
  }
  return tokens;
}
