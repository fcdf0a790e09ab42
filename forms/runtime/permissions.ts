import { parsePointer } from './pointers.ts';

/** What a task lets its user do with a field. */
export type Access = 'hidden' | 'readonly' | 'editable' | 'required';
export const ACCESS = ['hidden', 'readonly', 'editable', 'required'] as const satisfies readonly Access[];

/** Field name (`elderName`, nested `address/street`, `*` = all others) → access. */
export type Permissions = Readonly<Record<string, Access>>;

const PREFIX = 'songbai:field.';

/** Reads `songbai:field.<name>` of an element's properties; an unknown word means `hidden`, the safe side. */
export function permissionsFrom(properties: Readonly<Record<string, string>>): Permissions {
  const entries = Object.entries(properties).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(entries.map(([name, access]) => [name.slice(PREFIX.length), isAccess(access) ? access : 'hidden']));
}

/** The most specific entry decides: the field itself, the objects around it, `*`, else `editable`. */
export function accessTo(permissions: Permissions, pointer: string): Access {
  const parts = parsePointer(pointer);
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('/');
    const access = Object.hasOwn(permissions, name) ? permissions[name] : undefined;
    if (access) return access;
  }
  return (Object.hasOwn(permissions, '*') ? permissions['*'] : undefined) ?? 'editable';
}

export const isAccess = (word: string): word is Access => (ACCESS as readonly string[]).includes(word);
