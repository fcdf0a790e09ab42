import { invalidInput } from '#engine/errors.ts';

/** Names travel in the path too, where no body schema looks at them. @throws RequestError 400 */
export function variableName(name = ''): string {
  if (name === '' || name.length > 190 || ['__proto__', 'constructor', 'prototype'].includes(name))
    throw invalidInput('KEY_FORBIDDEN', `Expected a variable name, but it is not one`, { key: name.slice(0, 60) });
  return name;
}
