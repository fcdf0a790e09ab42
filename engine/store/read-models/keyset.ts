import type { Fragment } from './filtered-list.ts';

/** A place in a list ordered by a number and then by id; opaque text on the wire. */
export interface Cursor {
  at: number;
  id: number;
}

export function encodeCursor({ at, id }: Cursor): string {
  return `${at}_${id}`;
}

/** null for the first page, and for a text that is no cursor. */
export function decodeCursor(text: string | null | undefined): Cursor | null {
  const match = /^(-?\d{1,16})_(\d{1,16})$/.exec(text ?? '');
  return match ? { at: Number(match[1]), id: Number(match[2]) } : null;
}

/** What comes after the cursor; the first comparison alone is enough for the index. */
export function afterCursor(cursor: Cursor | null, columns: { at: string; id: string }, direction: 'ASC' | 'DESC'): Fragment {
  if (!cursor) return { sql: '1 = 1', params: [] };
  const [loose, strict] = direction === 'DESC' ? ['<=', '<'] : ['>=', '>'];
  const { at, id } = columns;
  return { sql: `${at} ${loose} ? AND (${at} ${strict} ? OR ${id} ${strict} ?)`, params: [cursor.at, cursor.at, cursor.id] };
}

/** `text` anywhere, with no wildcards of the caller's: for `LIKE ? ESCAPE '!'`. */
export function containing(text: string): string {
  return `%${text.replace(/[!%_]/g, (sign) => `!${sign}`)}%`;
}
