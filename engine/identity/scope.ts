import { notFound } from '#engine/errors.ts';
import type { Principal } from './principal.ts';

/** What a caller may see: one district, and in it the subtrees below these area paths. Every list query takes one. */
export interface Scope {
  tenant: string;
  areas: string[];
}

export const scopeOf = (principal: Principal): Scope => ({ tenant: principal.tenant, areas: principal.areas });

/** Single objects follow the same rule as lists. A client without areas has none of its own: it sees nothing. */
export function canSee(principal: Principal, row: { tenant: string; area: string }): boolean {
  return row.tenant === principal.tenant && principal.areas.some((area) => isBelow(row.area, area));
}

/** An object outside the caller's scope does not exist for them. @throws RequestError 404 */
export function visible<T extends { tenant: string; area: string }>(
  principal: Principal,
  row: T | null | undefined,
  what: string,
  id: string | number,
): T {
  if (!row || !canSee(principal, row)) throw notFound(what, id);
  return row;
}

/** `120103/120103008/120103008011` is below `120103/120103008` and below itself. */
export function isBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(ancestor.endsWith('/') ? ancestor : `${ancestor}/`);
}
