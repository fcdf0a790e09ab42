/** What generated validator modules import; the browser gets the same file. */
export { formats } from './formats.ts';
export { sameJson as equal } from './pointers.ts';

/** Length of a text in code points, as JSON Schema counts: 𠮷 is one character. */
export function ucs2length(text: string): number {
  let length = 0;
  for (const _character of text) length++;
  return length;
}
