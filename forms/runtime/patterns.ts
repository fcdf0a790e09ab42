import { RE2JS } from 're2js';

/** JSON Schema's ECMA-262 patterns, run by RE2 in linear time; the same code decides in the browser and on the server. */
export interface Pattern {
  test(text: string): boolean;
  toString(): string;
}

/** @throws Error for what RE2 has not: look-around, back-references; the message says so. */
export function compilePattern(source: string): Pattern {
  const expression = RE2JS.compile(translatePattern(source));
  return { test: (text) => expression.matcher(text).find(), toString: () => source };
}

const SCRIPT = /^(?:Script|sc|Script_Extensions|scx|General_Category|gc)=/;

/** ECMA-262 escapes → RE2's: `\uXXXX`, `\u{X}`, `\p{Script=Han}`; the rest is the same. */
export function translatePattern(source: string): string {
  return source.replace(
    /\\(u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|([pP])\{([^}]+)\}|.)/gsu,
    (whole, _escape, braced, four, letter, property) => {
      if (braced ?? four) return `\\x{${braced ?? four}}`;
      if (letter) return `\\${letter}{${String(property).replace(SCRIPT, '')}}`;
      return whole;
    },
  );
}

/** Why RE2 refuses a pattern, for the designer; null when it does not. */
export function patternProblem(source: string): 'look-around' | 'back-reference' | 'too-large' | 'syntax' | null {
  if (source.length > 2000) return 'too-large';
  try {
    compilePattern(source);
    return null;
  } catch {
    const plain = source.replace(/\\[\\[\]]/g, '').replace(/\[[^\]]*\]/g, '');
    if (/\(\?<?[=!]/.test(plain)) return 'look-around';
    return /\\[1-9]|\\k</.test(plain) ? 'back-reference' : 'syntax';
  }
}
