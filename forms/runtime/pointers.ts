/** JSON pointers (RFC 6901) over plain data; '' is the whole. Pure: what changes is copied along the path. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that could reach an object's prototype; refused in schemas and in submissions, at any depth. */
export const isForbiddenName = (name: string): boolean => FORBIDDEN.has(name);

export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function joinPointer(base: string, ...parts: (string | number)[]): string {
  return parts.reduce<string>((pointer, part) => `${pointer}/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`, base);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function getAt(data: unknown, pointer: string): unknown {
  let value = data;
  for (const part of parsePointer(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** A copy with the value set; `undefined` removes it, and removes the objects that became empty by it. */
export function setAt(data: Record<string, unknown>, pointer: string, value: unknown): Record<string, unknown> {
  return setPath(data, parsePointer(pointer), value) ?? {};
}

function setPath(node: unknown, path: string[], value: unknown): Record<string, unknown> | undefined {
  const [part, ...rest] = path;
  const copy: Record<string, unknown> = isPlainObject(node) ? { ...node } : {};
  if (part === undefined || isForbiddenName(part)) return copy;
  const next = rest.length === 0 ? value : setPath(Object.hasOwn(copy, part) ? copy[part] : undefined, rest, value);
  if (next === undefined) delete copy[part];
  else copy[part] = next;
  return Object.keys(copy).length === 0 ? undefined : copy;
}

/** `#/properties/a/properties/b` → `/a/b`; `#` → ''; null when it is not such a scope. */
export function scopeToPointer(scope: string): string | null {
  if (scope === '#' || scope === '#/') return '';
  const parts = scope.split('/');
  if (parts[0] !== '#' || parts.length % 2 === 0) return null;
  let pointer = '';
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index + 1];
    if (parts[index] !== 'properties' || !name) return null;
    pointer += `/${name}`;
  }
  return pointer;
}

/** Array positions become the `*` of the message files: `/visits/0/date` is looked up as `visits`, star, `date`. */
export function wildcardPointer(pointer: string): string {
  return pointer.replace(/\/\d+(?=\/|$)/g, '/*');
}

/** Structural equality of JSON values. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  }
  if (!isPlainObject(left) || !isPlainObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
  );
}
