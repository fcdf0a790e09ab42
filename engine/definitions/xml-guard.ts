import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/** What a model file may cost before it is parsed (measured: 3,000 namespaces kept the parser busy for 7 s). */
export const xmlLimits = { bytes: 2 * 1024 * 1024, elements: 5_000, depth: 32, namespaces: 50 } as const;

/**
 * Refuses hostile XML in one linear pass before any parser sees it: entity declarations, size, element count, depth, namespaces.
 * @returns the first problem found, or null
 */
export function checkXml(xml: string): Problem | null {
  if (xml.length > xmlLimits.bytes || Buffer.byteLength(xml) > xmlLimits.bytes)
    return problem(null, 'XML_TOO_LARGE', { limit: xmlLimits.bytes });
  // A NUL or another charset would let the parser read other text than this guard.
  if (xml.includes('\0')) return problem(null, 'XML_MALFORMED', { message: 'NUL' });
  if (count(xml, 'xmlns', xmlLimits.namespaces) > xmlLimits.namespaces)
    return problem(null, 'XML_TOO_MANY_NAMESPACES', { limit: xmlLimits.namespaces });
  return scanTags(xml);
}

function count(text: string, word: string, limit: number): number {
  let found = 0;
  for (let at = text.indexOf(word); at >= 0 && found <= limit; at = text.indexOf(word, at + word.length)) found++;
  return found;
}

function scanTags(xml: string): Problem | null {
  let depth = 0;
  let elements = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const end = tagEnd(xml, at);
    if (end === 'declaration') return problem(null, 'XML_DOCTYPE');
    if (end < 0) return problem(null, 'XML_MALFORMED', { message: '<' });
    const second = xml[at + 1];
    if (second === '/') depth--;
    else if (second !== '!' && second !== '?') {
      elements++;
      if (elements > xmlLimits.elements) return problem(null, 'XML_TOO_MANY_ELEMENTS', { limit: xmlLimits.elements });
      if (xml[end - 1] !== '/') depth++;
      if (depth > xmlLimits.depth) return problem(null, 'XML_TOO_DEEP', { limit: xmlLimits.depth });
    }
    at = end + 1;
  }
  return null;
}

/** Index of the `>` that closes the tag, comment, CDATA section or instruction at `at`; -1 when it never closes. */
function tagEnd(xml: string, at: number): number | 'declaration' {
  if (xml.startsWith('<!--', at)) return closing(xml, '-->', at + 4);
  if (xml.startsWith('<![CDATA[', at)) return closing(xml, ']]>', at + 9);
  if (xml[at + 1] === '!') return 'declaration';
  if (xml[at + 1] === '?') return closing(xml, '?>', at + 2);
  let quote = '';
  for (let i = at + 1; i < xml.length; i++) {
    const char = xml[i] as string;
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return i;
  }
  return -1;
}

function closing(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length - 1;
}
