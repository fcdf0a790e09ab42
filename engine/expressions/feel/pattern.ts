import { RE2JS } from 're2js';
import { createBoundedCache } from '../bounded-cache.ts';

const patterns = createBoundedCache<{ pattern: RE2JS | null }>(500);

/**
 * A pattern on RE2: linear time, no back-tracking.
 * @param flags XPath's `i`, `m`, `s` and `x`
 * @returns null for other flags, and for patterns that RE2 does not have (back-references, looking ahead)
 */
export const compilePattern = (source: string, flags = ''): RE2JS | null =>
  patterns.get(`${flags}/${source}`, () => ({ pattern: compile(source, flags) })).pattern;

function compile(source: string, flags: string): RE2JS | null {
  // XPath has no octal characters.
  if (!/^[imsx]*$/.test(flags) || source.length > 1_000 || /\\0/.test(source)) return null;
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  try {
    return RE2JS.compile(flags.includes('x') ? withoutSpaces(source) : source, bits);
  } catch {
    return null;
  }
}

/** But for those between `[` and `]`. */
const withoutSpaces = (source: string) => source.replaceAll(/\[(?:[^\]\\]|\\.)*\]|\s+/gs, (part) => (part.startsWith('[') ? part : ''));
