import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/**
 * What a model file may cost before it is parsed (measured: 3,000 namespaces kept the parser busy for 7 s). Each declaration of a
 * namespace counts: Trisotech's modeler writes 51 into a small model (MIWG C.8.1).
 */
export const xmlLimits = { bytes: 2 * 1024 * 1024, elements: 5_000, attributes: 60_000, depth: 32, namespaces: 100 } as const;
export type XmlLimits = Readonly<Record<keyof typeof xmlLimits, number>>;

/**
 * Refuses hostile XML in one linear pass before any parser sees it: entity declarations, size, depth, number of elements,
 * attributes and namespaces.
 * @returns the first problem found, or null
 */
export function checkXml(xml: string, limits: XmlLimits = xmlLimits): Problem | null {
  if (xml.length > limits.bytes || Buffer.byteLength(xml) > limits.bytes) return problem(null, 'XML_TOO_LARGE', { limit: limits.bytes });
  // A NUL or another charset would let the parser read other text than this guard.
  if (xml.includes('\0')) return problem(null, 'XML_MALFORMED', { message: 'NUL' });
  if (count(xml, 'xmlns', limits.namespaces) > limits.namespaces)
    return problem(null, 'XML_TOO_MANY_NAMESPACES', { limit: limits.namespaces });
  return scanTags(xml, limits);
}

function count(text: string, word: string, limit: number): number {
  let found = 0;
  for (let at = text.indexOf(word); at >= 0 && found <= limit; at = text.indexOf(word, at + word.length)) found++;
  return found;
}

function scanTags(xml: string, limits: XmlLimits): Problem | null {
  let depth = 0;
  let elements = 0;
  const quoted = { values: 0 };
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const end = tagEnd(xml, at, quoted);
    if (end === 'declaration') return problem(null, 'XML_DOCTYPE');
    if (end < 0) return problem(null, 'XML_MALFORMED', { message: '<' });
    const second = xml[at + 1];
    if (second === '/') depth--;
    else if (second !== '!' && second !== '?') {
      elements++;
      if (elements > limits.elements) return problem(null, 'XML_TOO_MANY_ELEMENTS', { limit: limits.elements });
      if (xml[end - 1] !== '/') depth++;
      if (depth > limits.depth) return problem(null, 'XML_TOO_DEEP', { limit: limits.depth });
      if (quoted.values > limits.attributes) return problem(null, 'XML_TOO_MANY_ATTRIBUTES', { limit: limits.attributes });
    }
    at = end + 1;
  }
  return null;
}

/** Index of the `>` that closes the tag, comment, CDATA section or instruction at `at`; -1 when it never closes. Counts a tag's values. */
function tagEnd(xml: string, at: number, quoted: { values: number }): number | 'declaration' {
  if (xml.startsWith('<!--', at)) return closing(xml, '-->', at + 4);
  if (xml.startsWith('<![CDATA[', at)) return closing(xml, ']]>', at + 9);
  if (xml[at + 1] === '!') return 'declaration';
  if (xml[at + 1] === '?') return closing(xml, '?>', at + 2);
  let quote = '';
  for (let i = at + 1; i < xml.length; i++) {
    const char = xml[i] as string;
    if (quote) {
      if (char === quote) {
        quote = '';
        quoted.values++;
      }
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return i;
  }
  return -1;
}

function closing(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length - 1;
}
